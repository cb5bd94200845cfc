import Desktop
import Media
import Testing

@testable import Media

@Suite(.serialized) struct VideoEncodersTests {
    private static func choice(_ name: String, isHardware: Bool = false) -> VideoEncoders.Choice {
        VideoEncoders.Choice(name: name, options: [], isHardware: isHardware)
    }

    @Test("hardware is tried before software, and what does not work is passed over")
    func order() throws {
        // No machine has these two; the third every one.
        let choices = [
            Self.choice("h264_imaginary", isHardware: true), Self.choice("h264_v4l2m2m", isHardware: true),
            Self.choice("mpeg4", isHardware: true), Self.choice("libx264"),
        ]
        let found = try VideoEncoders.open(width: 322, height: 240, only: "auto", among: choices)
        #expect(found.name == "mpeg4")
        // Without being asked for, hardware is left alone.
        #expect(try VideoEncoders.open(width: 322, height: 240, among: choices).name == "libx264")
    }

    @Test("what failed once is not tried again, unless it is named")
    func remembers() throws {
        let choices = [Self.choice("h264_fake", isHardware: true), Self.choice("mpeg4")]
        var tried = 0
        func open(_ name: String) throws -> String {
            try VideoEncoders.open(width: 324, height: 240, only: name, among: choices) {
                choice throws(MediaFailure) in
                guard choice.name == "h264_fake" else { return nil }
                tried += 1
                throw MediaFailure(.notEncoded, "It is taken.")
            }.name
        }
        for _ in 0..<3 { #expect(try open("auto") == "mpeg4") }
        #expect(tried == 1)
        let failure = #expect(throws: MediaFailure.self) { _ = try open("h264_fake") }
        #expect(failure?.description == "It is taken.")
        #expect(tried == 2)
    }

    @Test("an encoder that holds pictures back is none: a recording that is killed would lose them")
    func noDelay() throws {
        // Without its options x264 looks ahead.
        let choices = [Self.choice("libx264", isHardware: true), Self.choice("mpeg4")]
        #expect(try VideoEncoders.open(width: 326, height: 240, only: "auto", among: choices).name == "mpeg4")
    }

    @Test("a name that nobody knows is answered with those that there are")
    func unknown() {
        let failure = #expect(throws: MediaFailure.self) {
            _ = try VideoEncoders.open(width: 320, height: 240, only: "h265")
        }
        #expect(
            failure?.description.contains("There is no encoder h265; there are h264_nvenc, h264_vaapi, libx264") == true
        )
    }

    @Test("a recording says which encoder it has, and one is found here")
    func works() throws {
        let name = try VideoEncoders.working()
        #expect(VideoEncoders.names.contains(name))
        let scratch = try Scratch()
        let path = scratch.file("x.mkv")
        let writer = try VideoWriter(path: path, width: 320, height: 240, encoder: "auto")
        var scene = Scene(width: 320, height: 240)
        for number in 0..<5 {
            let changed = scene.draw(number: number)
            try writer.append(CapturedFrame(frame: scene.frame(at: Double(number)), changes: [changed]))
        }
        try writer.finish(at: scene.frame(at: 5).time)
        var numbers: [Int] = []
        try VideoReader(path: path).forEachFrame { frame, _ in numbers.append(frame.number()) }
        #expect(numbers == [0, 1, 2, 3, 4, 4])
        #expect(VideoEncoders.names.contains(writer.encoderName))
    }
}

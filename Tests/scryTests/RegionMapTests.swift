import Desktop
import PortalDesktop
import Testing

@testable import scry

@Suite("Where the pixels of a shared picture are on the desktop")
struct RegionMapTests {
    private func output(_ x: Int, _ y: Int, _ width: Int, _ height: Int, scale: Double = 1) -> WaylandDesktop.Output {
        var output = WaylandDesktop.Output()
        (output.x, output.y, output.width, output.height) = (x, y, width, height)
        output.pixelWidth = Int(Double(width) * scale)
        output.pixelHeight = Int(Double(height) * scale)
        return output
    }

    @Test("one monitor, of any scale: whole pixels, none less than what was chosen")
    func single() throws {
        let plain = try #require(RegionMap(1920, 1080, origin: nil, among: [output(0, 0, 1920, 1080)]))
        #expect(
            plain.pictureRegion(Region(x: 5, y: 6, width: 70, height: 80)) == Region(x: 5, y: 6, width: 70, height: 80))
        let half = try #require(RegionMap(3840, 2160, origin: nil, among: [output(0, 0, 2560, 1440, scale: 1.5)]))
        #expect(
            half.pictureRegion(Region(x: 1, y: 1, width: 3, height: 3)) == Region(x: 1, y: 1, width: 5, height: 5))
        let double = try #require(RegionMap(800, 400, origin: nil, among: [output(0, 0, 400, 200, scale: 2)]))
        let part = Region(x: 20, y: 40, width: 60, height: 80)
        #expect(double.desktopRegion(part) == Region(x: 10, y: 20, width: 30, height: 40))
        #expect(double.pictureRegion(double.desktopRegion(part)) == part)
        // Beyond the edge of what is shared there is nothing.
        #expect(
            double.pictureRegion(Region(x: 390, y: -5, width: 99, height: 9))
                == Region(x: 780, y: 0, width: 20, height: 8))
        #expect(double.pictureRegion(Region(x: 400, y: 0, width: 9, height: 9)) == nil)
    }

    @Test("of several monitors the one that fits, by its size or its place; none where it is a guess")
    func several() throws {
        let outputs = [output(0, 0, 1920, 1080), output(1920, 0, 1920, 1080), output(0, 1080, 1280, 1024)]
        #expect(RegionMap(1280, 1024, origin: (0, 0), among: outputs)?.shown.y == 1080)
        #expect(RegionMap(1920, 1080, origin: (1920, 0), among: outputs)?.shown.x == 1920)
        // Some portals say 0, 0 of every monitor.
        #expect(RegionMap(1920, 1080, origin: (0, 0), among: outputs) == nil)
        #expect(RegionMap(1920, 1080, origin: nil, among: outputs) == nil)
        #expect(RegionMap(1, 1, origin: nil, among: outputs) == nil)
    }

    @Test("a picture of all monitors together, as a Screenshot portal gives it")
    func whole() throws {
        let outputs = [output(-100, 0, 100, 100, scale: 2), output(0, 0, 100, 50, scale: 2)]
        let map = try #require(RegionMap(400, 200, origin: nil, among: outputs))
        #expect(map.shown == Region(x: -100, y: 0, width: 200, height: 100))
        #expect(
            map.pictureRegion(Region(x: -10, y: 5, width: 20, height: 5))
                == Region(x: 180, y: 10, width: 40, height: 10))
        #expect(RegionMap(of: 400, 100, showing: outputs) == nil)
        #expect(RegionMap(of: 0, 0, showing: outputs) == nil)
        #expect(RegionMap(of: 400, 100, showing: []) == nil)
    }
}

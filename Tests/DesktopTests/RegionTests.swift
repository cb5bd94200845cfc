import Desktop
import Testing

@Suite("Region")
struct RegionTests {
    @Test("reads the X11 form and writes it again", arguments: ["640x480+10+20", "1x1+0+0", "5x6+-7+-8"])
    func geometry(text: String) {
        #expect(Region(geometry: text)?.description == text)
    }

    @Test("refuses what is not one", arguments: ["", "640x480", "640x480+1", "axb+c+d", "-1x2+3+4", "1x2+3+4 "])
    func notGeometry(text: String) {
        #expect(Region(geometry: text) == nil)
    }

    @Test("shares only what both have")
    func intersection() {
        let screen = Region(x: 0, y: 0, width: 100, height: 50)
        #expect(
            screen.intersection(Region(x: -10, y: 40, width: 30, height: 30))
                == Region(x: 0, y: 40, width: 20, height: 10))
        #expect(screen.intersection(Region(x: 200, y: 0, width: 10, height: 10)).isEmpty)
    }
}

import Desktop
import Testing

/// Which window a picture is remembered by.
@Suite struct WindowTitleTests {
    private let windows = [
        window(1, "Inbox", x: 0, isActive: true), window(2, "Terminal", x: 500), window(3, "", x: 900),
    ]

    private static func window(_ id: UInt64, _ title: String, x: Int, isActive: Bool = false) -> Window {
        Window(
            id: id, title: title, application: "app", region: Region(x: x, y: 0, width: 400, height: 300),
            isActive: isActive)
    }

    @Test("is the one that was taken, whatever has the focus")
    func taken() {
        #expect(windows.title(for: .window(2), in: Region(x: 500, y: 0, width: 400, height: 300)) == "Terminal")
        #expect(windows.title(for: .activeWindow, in: nil) == "Inbox")
        #expect(windows.title(for: .window(3), in: nil) == nil)
        #expect(windows.title(for: .window(9), in: nil) == nil)
    }

    @Test("of a recording's picture it is the one noted last, or just after it was seen")
    func timed() {
        let titles = [
            TimedTitle(time: 0.1, title: "Inbox"), TimedTitle(time: 5, title: ""), TimedTitle(time: 9, title: "Editor"),
        ]
        #expect(titles.title(at: 0) == "Inbox" && titles.title(at: 4.6) == "Inbox")
        #expect(titles.title(at: 4.8) == nil && titles.title(at: 8.6) == nil)
        #expect(titles.title(at: 8.75) == "Editor" && titles.title(at: 900) == "Editor")
        #expect([TimedTitle]().title(at: 3) == nil)
        #expect([TimedTitle(time: 4, title: "late")].title(at: 3) == nil)
    }

    @Test("is the one with the focus if any of it is in the picture")
    func focused() {
        #expect(windows.title(for: .screen, in: nil) == "Inbox")
        #expect(windows.title(for: .monitor("DP-1"), in: Region(x: 300, y: 0, width: 600, height: 300)) == "Inbox")
        #expect(
            windows.title(
                for: .region(Region(x: 500, y: 0, width: 9, height: 9)), in: Region(x: 500, y: 0, width: 9, height: 9))
                == nil)
        #expect([Window]().title(for: .screen, in: nil) == nil)
    }
}

import Session
import Testing

@Suite("Choosing a theme")
struct ThemeMenuTests {
    private static let listings = ["auto", "dark", "night", "paper"].map { ThemeListing(name: $0, about: "for \($0)") }

    private func opened(_ current: String = "auto") -> Driver {
        var driver = Driver()
        driver.press(.chooseTheme)
        driver.feed(.themesListed(Self.listings, current: current))
        return driver
    }

    private func list(_ driver: Driver) -> ThemeMenu? {
        if case .themes(let menu) = driver.state.overlay { menu } else { nil }
    }

    @Test("each theme is shown as it is moved to, and kept by Enter")
    func preview() {
        var driver = Driver()
        #expect(driver.press(.chooseTheme) == [.listThemes])
        #expect(driver.feed(.themesListed(Self.listings, current: "dark")) == [])
        #expect(driver.press(.moveDown) == [.showTheme("night")])
        #expect(driver.press(.moveDown) == [.showTheme("paper")])
        #expect(driver.press(.moveDown) == [])
        #expect(driver.press(.moveUp) == [.showTheme("night")])
        #expect(driver.press(.send) == [.keepTheme("night")])
        #expect(driver.state.overlay == nil)
    }

    @Test("letters that are typed before the themes are read narrow them all the same")
    func hurried() {
        var driver = Driver()
        driver.press(.chooseTheme)
        driver.feed(.typed("paper"))
        #expect(driver.feed(.themesListed(Self.listings, current: "dark")) == [.showTheme("paper")])
        #expect(list(driver)?.selected == 0)
        #expect(driver.press(.send) == [.keepTheme("paper")])
    }

    @Test("Escape goes back to the theme that was in use", arguments: [Command.cancel, .interrupt, .chooseTheme])
    func back(_ command: Command) {
        var driver = opened()
        #expect(driver.press(command) == [])
        driver = opened()
        driver.press(.moveDown)
        #expect(driver.press(command) == [.showTheme("auto")])
        #expect(driver.state.overlay == nil)
    }

    @Test("letters narrow the list, and the first that is left is shown")
    func filter() {
        var driver = opened()
        #expect(driver.feed(.typed("p")) == [.showTheme("paper")])
        #expect(list(driver)?.entries.map(\.name) == ["paper"])
        #expect(driver.feed(.typed("q")) == [])
        #expect(list(driver)?.entries.isEmpty == true)
        #expect(driver.press(.moveDown) == [])
        driver.press(.deleteBackward)
        #expect(list(driver)?.selected == 0)
        #expect(driver.press(.send) == [.keepTheme("paper")])
        driver = opened("night")
        driver.feed(.typed("zz"))
        #expect(driver.press(.send) == [.showTheme("night")])
    }

    @Test("/theme with a name needs no list, and a list that is closed takes nothing in")
    func named() {
        var driver = Driver()
        #expect(driver.say("/theme paper").contains(.keepTheme("paper")))
        #expect(driver.state.overlay == nil)
        driver.feed(.themesListed(Self.listings, current: "dark"))
        #expect(driver.state.overlay == nil)
    }
}

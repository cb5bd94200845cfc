import FoundationEssentials
import Glibc
import Testing

@testable import scry

@Suite struct ConfigurationPlacesTests {
    @Test("follows the variables of the XDG specification") func variables() {
        let places = Places(
            environment: [
                "HOME": "/home/me", "XDG_CONFIG_HOME": "/c/", "XDG_DATA_HOME": "/d", "XDG_STATE_HOME": "/s",
                "XDG_CACHE_HOME": "/k", "XDG_RUNTIME_DIR": "/tmp",
            ])

        #expect(places.configFile == "/c/scry/config.toml")
        #expect(places.historyFile == "/d/scry/history.sqlite")
        #expect(places.media == "/d/scry/media")
        #expect(places.logFile == "/s/scry/scry.log")
        #expect(places.cache == "/k/scry")
        #expect(places.runtime == "/tmp/scry")
    }

    @Test("falls back to the home directory, and ignores relative paths") func defaults() {
        let places = Places(
            environment: ["HOME": "/home/me", "XDG_DATA_HOME": "data", "XDG_CONFIG_HOME": ""], user: 1234)

        #expect(places.config == "/home/me/.config/scry")
        #expect(places.data == "/home/me/.local/share/scry")
        #expect(places.state == "/home/me/.local/state/scry")
        #expect(places.cache == "/home/me/.cache/scry")
        #expect(places.runtime == "/tmp/scry-1234")
    }

    @Test("asks the user database when there is no HOME") func noHome() throws {
        let entry = try #require(getpwuid(getuid()))
        let home = String(cString: entry.pointee.pw_dir)

        let places = Places(environment: [:])

        #expect(places.config == (home == "/" ? "" : home) + "/.config/scry")
        #expect(Places(environment: [:], user: 3_999_999_999).config == "/tmp/scry-3999999999/.config/scry")
    }

    @Test("does not trust a runtime directory that is not there") func runtimeMissing() {
        // Some programs make the home that nobody has.
        let absent = "/nonexistent-\(UUID().uuidString)"
        #expect(Places(environment: ["XDG_RUNTIME_DIR": absent], user: 7).runtime == "/tmp/scry-7")
    }

    @Test("makes directories that nobody else can look into") func make() throws {
        let root = "/tmp/scry-places-\(UUID().uuidString.lowercased())"
        mkdir(root, 0o755)
        defer { try? FileManager.default.removeItem(atPath: root) }
        let places = Places(environment: ["HOME": root + "/home", "XDG_RUNTIME_DIR": root])

        try places.make(places.data)
        try places.make(places.data)
        mkdir(places.runtime, 0o755)
        try places.make(places.runtime)

        for path in [root + "/home", root + "/home/.local", places.data, places.runtime] {
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o700, "\(path)")
        }
    }

    @Test("refuses a runtime directory that is somebody's trap, and says what to do") func trap() throws {
        let root = "/tmp/scry-places-\(UUID().uuidString.lowercased())"
        mkdir(root, 0o700)
        defer { try? FileManager.default.removeItem(atPath: root) }
        let places = Places(environment: ["HOME": root, "XDG_RUNTIME_DIR": root])
        #expect(symlink("/tmp", places.runtime) == 0)

        let failure = #expect(throws: PlaceFailure.self) { try places.make(places.runtime) }

        #expect(failure?.message.contains("set XDG_RUNTIME_DIR") == true)
    }

    @Test("says in a sentence where it cannot make a directory") func impossible() {
        let places = Places(environment: ["XDG_DATA_HOME": "/dev/null/data"])

        let failure = #expect(throws: PlaceFailure.self) { try places.make(places.data) }

        #expect(failure?.message.contains("/dev/null/data") == true)
    }
}

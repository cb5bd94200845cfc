import ArgumentParser
import Desktop

/// `scry displays`: monitors and windows.
struct DisplaysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "displays", abstract: "Lists the monitors and windows that can be looked at.")

    @Option(
        help: ArgumentHelp(
            "How the desktop is reached. (default: as configured)", valueName: "auto|x11|portal|pipewire:NODE"))
    var source: Configuration.Capture.Source?

    @Flag(help: "Print one JSON object.")
    var json = false

    private struct Record: Encodable {
        struct Monitor: Encodable {
            var name: String
            var x: Int
            var y: Int
            var width: Int
            var height: Int
            var scale: Double
            var primary: Bool
        }
        struct Window: Encodable {
            var id: UInt64
            var title: String
            var app: String
            var x: Int
            var y: Int
            var width: Int
            var height: Int
            var active: Bool
        }
        var session: String
        var displays: [Monitor]
        var windows: [Window]
    }

    func run() async throws {
        try await running {
            let desktop = DesktopServices(source: source)
            desktop.printWarnings()
            let layout = try await desktop.screen.layout()
            json ? printJSON(layout) : printTable(layout)
        }
    }

    private func printJSON(_ layout: DesktopLayout) {
        let record = Record(
            session: layout.session,
            displays: layout.displays.map {
                Record.Monitor(
                    name: $0.name, x: $0.region.x, y: $0.region.y, width: $0.region.width, height: $0.region.height,
                    scale: $0.scale, primary: $0.isPrimary)
            },
            windows: layout.windows.map {
                Record.Window(
                    id: $0.id, title: $0.title, app: $0.application, x: $0.region.x, y: $0.region.y,
                    width: $0.region.width, height: $0.region.height, active: $0.isActive)
            })
        Standard.output(JSONText.line(record) + "\n")
    }

    private func printTable(_ layout: DesktopLayout) {
        if layout.session == "wayland", layout.displays.isEmpty {
            Standard.output(
                "Wayland tells no program what there is: the desktop asks what to share at the first picture.\n")
        }
        for display in layout.displays {
            Standard.output("monitor  \(display.name)  \(display.region)\(display.isPrimary ? "  primary" : "")\n")
        }
        for window in layout.windows {
            let state = window.isActive ? "  active" : window.isMinimised ? "  minimised" : ""
            let name = SafeOutput.text("\(window.application): \(window.title)")
            Standard.output("window   0x\(String(window.id, radix: 16))  \(window.region)\(state)  \(name)\n")
        }
    }
}

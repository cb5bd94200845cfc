import ArgumentParser

/// `scry manual`: the pages for man(1), for `make install`.
struct ManualCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Prints a page of the manual as roff.", shouldDisplay: false)

    @Argument(help: "scry.1, scry-keys.7 or scry-config.5.")
    var page = "scry.1"

    func run() async throws {
        try await running {
            guard let text = try Manual.page(page) else {
                throw ValidationError("The pages are \(Manual.pages.joined(separator: ", ")).")
            }
            Standard.output(text)
        }
    }
}

import Cells
import Terminal

extension DoctorCommand {
    /// Says how pictures are shown in the chat here, and why.
    func checkPictures(_ services: Services) {
        let hasColor = (services.environment["NO_COLOR"] ?? "").isEmpty
        let ability = PictureProbe.ability(
            setting: services.configuration.pictures, usesColor: hasColor, environment: services.environment)
        guard let ability else {
            report("pictures", "not tried, since this is no terminal")
            return
        }
        if ability.method == .sixel || ability.method == .blocks, let reason = PictureFailure.missingLibrary {
            report("pictures", nil, PictureFailure.noLibrary(reason).description)
            return
        }
        let way =
            switch ability.method {
            case .none, .undecided: "none are shown in the chat"
            case .blocks: ability.colors > 0 ? "blocks in \(ability.colors) colours" : "characters without colours"
            case .sixel: "sixels in \(min(256, ability.registers)) colours"
            case .kitty: "the kitty protocol, by placeholders"
            case .kittyPlaced: "the kitty protocol"
            }
        let cell = "a cell is \(ability.cell.width)×\(ability.cell.height) pixels"
        report("pictures", "\(way): \(ability.reason); \(cell)")
    }
}

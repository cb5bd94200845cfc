/// The themes inside the program: the files of themes/, put there when it is built.
enum EmbeddedThemes {
    /// The bytes of the files, by the names of the themes.
    static let all: [String: [UInt8]] = [
        "base": PackageResources.base_toml, "contrast-dark": PackageResources.contrast_dark_toml,
        "contrast-light": PackageResources.contrast_light_toml, "dark": PackageResources.dark_toml,
        "deuteranopia": PackageResources.deuteranopia_toml, "ember": PackageResources.ember_toml,
        "frost": PackageResources.frost_toml, "light": PackageResources.light_toml,
        "monochrome": PackageResources.monochrome_toml, "night": PackageResources.night_toml,
        "paper": PackageResources.paper_toml, "protanopia": PackageResources.protanopia_toml,
        "sixteen-dark": PackageResources.sixteen_dark_toml, "sixteen-light": PackageResources.sixteen_light_toml,
        "tritanopia": PackageResources.tritanopia_toml,
    ]
}

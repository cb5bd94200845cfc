/// What can be said of the colours of code from outside.
public enum CodeColors {
    /// Whether the definitions of languages are installed; all code is plain without them.
    public static var areInstalled: Bool { CodeLanguage.isInstalled }
}

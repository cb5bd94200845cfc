/// Figures that a run prints and never judges.
enum Report {
    static func line(_ text: String) { Swift.print("    " + text) }
}

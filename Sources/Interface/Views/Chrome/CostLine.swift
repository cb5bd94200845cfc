import Cells
import Session

/// What the message that is being written will cost, and what is left for the rest.
struct CostLine {
    /// What is said, the longest form first.
    let forms: [String]
    /// Whether all of the conversation goes with the message.
    let fits: Bool

    /// Puts a cost into words; nil while it is not known.
    init?(_ state: SessionState) {
        // A correction goes nowhere.
        if case .correction = state.editing { return nil }
        guard let cost = state.cost else { return nil }
        let about = cost.isExact ? "" : "≈ "
        let tokens = about + Quantity.grouped(cost.message) + " tokens"
        let short = about + Quantity.tokens(cost.message)
        guard let limit = cost.limit else {
            fits = true
            forms = [tokens, short]
            return
        }
        fits = cost.fits
        let left = limit - cost.request
        if cost.isTooLong {
            forms = [
                "\(tokens) do not fit: \(Quantity.grouped(max(0, limit - cost.reserve))) of"
                    + " \(Quantity.grouped(limit)) are free",
                "\(short): too long",
            ]
        } else if fits {
            forms = [
                "\(tokens) · \(Quantity.grouped(left)) left of \(Quantity.grouped(limit))",
                "\(short) · \(Quantity.tokens(left)) left",
            ]
        } else {
            forms = [
                "\(tokens) · full at \(Quantity.grouped(limit)): the oldest stays out",
                "\(short) · full: the oldest stays out", "\(short) · full",
            ]
        }
    }

    /// Draws it at the right end of the line above the composer.
    func draw(on grid: inout Grid, in area: Rect, _ theme: Theme) {
        guard let text = forms.first(where: { DisplayWidth.columns(of: $0) + 6 <= area.columns }), area.rows > 0 else {
            return
        }
        let words = " \(text) "
        let column = area.column + area.columns - DisplayWidth.columns(of: words) - 1
        grid.put(
            words, at: Point(column: column, row: area.row), style: fits ? theme.dim : theme.problem, clip: area)
    }
}

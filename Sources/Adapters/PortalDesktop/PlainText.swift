extension String {
    /// The text without what could do something to a terminal: control characters and changes of writing direction.
    var withoutControls: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.filter { scalar in
                    switch scalar.value {
                    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: false
                    default: scalar.properties.generalCategory != .control
                    }
                }))
    }
}

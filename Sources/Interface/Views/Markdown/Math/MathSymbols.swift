/// What the commands of LaTeX look like in Unicode.
enum MathSymbols {
    // MARK: - Raised and lowered

    /// A text in raised or lowered letters; nil when one of them does not exist so.
    static func small(_ text: String, isRaised: Bool) -> String? {
        let table = isRaised ? raised : lowered
        var result = ""
        for character in text where character != " " {
            guard let small = table[character] else { return nil }
            result.append(small)
        }
        return result.isEmpty ? nil : result
    }

    private static let raised = table(
        "0123456789+−-=()nabcdefghijklmoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ")
    private static let lowered = table(
        "0123456789+−-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")

    private static func table(_ from: String, _ to: String) -> [Character: Character] {
        Dictionary(zip(from, to)) { first, _ in first }
    }

    // MARK: - Fractions and roots

    /// A fraction on one line.
    static func fraction(_ above: String, _ below: String) -> String {
        vulgar["\(above)/\(below)"] ?? "\(grouped(above, isBelow: false))/\(grouped(below, isBelow: true))"
    }

    private static let vulgar = [
        "1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾", "1/5": "⅕", "1/6": "⅙", "1/8": "⅛",
    ]

    /// In brackets where it would fall apart beside a stroke.
    private static func grouped(_ text: String, isBelow: Bool) -> String {
        let isNumber = text.allSatisfy { $0.isNumber || $0 == "." }
        let isWord = text.allSatisfy { $0.isLetter || $0.isNumber }
        let isOne = text.count == 1 || text.dropFirst().allSatisfy { raisedOrLowered.contains($0) || $0 == "′" }
        return isNumber || isOne || isWord && !isBelow || isBracketed(text) ? text : "(\(text))"
    }

    private static func isBracketed(_ text: String) -> Bool {
        guard text.first == "(", text.last == ")" else { return false }
        var depth = 0
        for character in text.dropLast() {
            depth += character == "(" ? 1 : character == ")" ? -1 : 0
            if depth == 0 { return false }
        }
        return true
    }

    private static let raisedOrLowered = Set(raised.values).union(lowered.values)

    /// A root; nil for a degree that cannot be written.
    static func root(of text: String, degree: String?) -> String? {
        let inside = text.count == 1 || text.allSatisfy(\.isNumber) || isBracketed(text) ? text : "(\(text))"
        switch degree {
        case nil, "2"?: return "√" + inside
        case "3"?: return "∛" + inside
        case "4"?: return "∜" + inside
        case let degree?: return small(degree, isRaised: true).map { $0 + "√" + inside }
        }
    }

    // MARK: - Names

    /// Functions, which are words.
    static let functions: Set<String> = [
        "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "log", "ln",
        "lg",
        "exp", "lim", "limsup", "liminf", "max", "min", "sup", "inf", "det", "dim", "ker", "arg", "gcd", "deg", "hom",
        "Pr",
        "mod", "argmax", "argmin",
    ]

    /// Marks above a letter.
    static let accents: [String: String] = [
        "hat": "\u{302}", "widehat": "\u{302}", "bar": "\u{304}", "overline": "\u{305}", "vec": "\u{20D7}",
        "dot": "\u{307}", "ddot": "\u{308}", "tilde": "\u{303}", "widetilde": "\u{303}", "check": "\u{30C}",
        "acute": "\u{301}", "grave": "\u{300}", "underline": "\u{332}",
    ]

    /// Letters with doubled strokes.
    static let doubled: [Character: String] = [
        "C": "ℂ", "E": "𝔼", "F": "𝔽", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ", "1": "𝟙", "K": "𝕂",
    ]

    /// Relations and operators, which stand apart from what is beside them.
    static let spaced = pairs(
        """
        le ≤ leq ≤ leqslant ≤ ge ≥ geq ≥ geqslant ≥ ne ≠ neq ≠ approx ≈ equiv ≡ sim ∼ simeq ≃ cong ≅ propto ∝ ll ≪ gg ≫
        in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ cup ∪ cap ∩ setminus ∖ land ∧ wedge ∧ lor ∨ vee ∨
        to → rightarrow → longrightarrow ⟶ leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ Longrightarrow ⟹ implies ⟹
        Leftarrow ⇐ Leftrightarrow ⇔ iff ⟺ mapsto ↦ longmapsto ⟼ uparrow ↑ downarrow ↓ hookrightarrow ↪ rightleftharpoons ⇌
        times × cdot · pm ± mp ∓ div ÷ ast ∗ star ⋆ circ ∘ bullet • oplus ⊕ ominus ⊖ otimes ⊗ odot ⊙ perp ⊥ parallel ∥
        mid ∣ nmid ∤ vdash ⊢ models ⊨ prec ≺ succ ≻ coloneqq ≔ triangleq ≜ doteq ≐ nearrow ↗ searrow ↘ 
        bmod mod lt < gt > asymp ≍ rightharpoonup ⇀ xrightarrow → nsubseteq ⊈ subsetneq ⊊ leadsto ⇝
        """)

    /// Everything else that is one character.
    static let plain = pairs(
        """
        alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν
        xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω
        Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
        sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigvee ⋁ bigwedge ⋀
        infty ∞ partial ∂ nabla ∇ forall ∀ exists ∃ nexists ∄ emptyset ∅ varnothing ∅ neg ¬ lnot ¬ angle ∠ triangle △ square □
        ldots … dots … cdots ⋯ vdots ⋮ ddots ⋱ hbar ℏ ell ℓ Re ℜ Im ℑ aleph ℵ wp ℘ prime ′ dagger † ddagger ‡ degree °
        langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lvert | rvert | vert | lVert ‖ rVert ‖ Vert ‖ lbrace { rbrace }
        lbrack [ rbrack ] top ⊤ bot ⊥ therefore ∴ because ∵ checkmark ✓ blacksquare ■ qed ∎ surd √ backslash \\ imath ı jmath ȷ
        dotsc … dotsb ⋯ dotsm ⋯ lbrace { rbrace } cents ¢ pounds £ euro € S § P ¶ copyright © colon : Box □ Diamond ◇ sharp ♯ flat ♭
        """)

    private static func pairs(_ text: String) -> [String: String] {
        let words = text.split { $0 == " " || $0 == "\n" }.map(String.init)
        var pairs: [String: String] = [:]
        for index in stride(from: 0, to: words.count - 1, by: 2) { pairs[words[index]] = words[index + 1] }
        return pairs
    }
}

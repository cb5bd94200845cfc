/// Something that happened on a screen, and when a frame shows it.
struct StoryEvent {
    /// The kinds of things that happen.
    enum Kind: String, CaseIterable {
        case popup, dialog, page, typing, scroll, progress
    }

    var kind: Kind
    /// From when it is seen, in seconds.
    var start: Double
    /// Until when, not included.
    var end: Double
}

/// A made-up session at a screen, the same for the same seed: what is on the screen at each time, and what happened.
struct Story {
    /// What a screen shows, besides what always runs.
    struct State: Equatable {
        /// Which page fills the window.
        var page = 0
        /// How far the page is scrolled, in pixels.
        var offset = 0
        /// How many characters were typed on it.
        var typed = 0
        /// The box in front, with its number and where it is.
        var box: Box?
    }

    /// A box in front of the page.
    struct Box: Equatable {
        var number: Int
        var x: Int
        var y: Int
        var width: Int
        var height: Int
        /// How far its bar has come, between 0 and 100; nil without one.
        var progress: Int?
    }

    /// What happens from a time on: `state` says how far the screen has come.
    private struct Scene {
        var start: Double
        var state: (Double) -> State
    }

    let seconds: Double
    let events: [StoryEvent]
    /// While the spinner turns.
    let spinning: Range<Double>
    private let scenes: [Scene]

    /// What is on the screen at a time.
    func state(at time: Double) -> State {
        // Stories have some fifty scenes.
        let scene = scenes.last { $0.start <= time + 1e-9 } ?? scenes[0]
        return scene.state(max(0, time - scene.start))
    }

    /// Makes a story of some `count` events on a screen of a size.
    init(seed: UInt64, count: Int = 24, width: Int, height: Int, idle: ClosedRange<Double> = 1.2...8) {
        var maker = Maker(random: StoryRandom(seed: seed), width: width, height: height)
        maker.rest(2)
        while maker.events.count < count {
            maker.act()
            maker.rest(Double.random(in: idle, using: &maker.random))
        }
        maker.closePage()
        seconds = maker.time
        events = maker.events.sorted { $0.start < $1.start }
        scenes = maker.scenes
        let start = Double.random(in: 0...0.6, using: &maker.random) * maker.time
        spinning = start..<start + 0.35 * maker.time
    }

    // MARK: - Making

    private struct Maker {
        var random: StoryRandom
        let width: Int
        let height: Int
        var time = 0.0
        var events: [StoryEvent] = []
        var scenes: [Scene] = []
        var state = State()
        var boxes = 0
        /// Where the events begin that are over when the page goes.
        private var onPage: [Int] = []

        init(random: StoryRandom, width: Int, height: Int) {
            self.random = random
            self.width = width
            self.height = height
            let first = state
            scenes = [Scene(start: 0) { _ in first }]
        }

        mutating func rest(_ seconds: Double) { time += seconds }

        mutating func act() {
            switch StoryEvent.Kind.allCases.randomElement(using: &random) ?? .page {
            case .popup: show(.popup, for: Double.random(in: 0.2...0.5, using: &random), isSmall: true)
            case .dialog: show(.dialog, for: Double.random(in: 0.8...4, using: &random), isSmall: false)
            case .page: turn()
            case .typing: type()
            case .scroll: scroll()
            case .progress: progress()
            }
        }

        mutating func closePage() {
            for index in onPage { events[index].end = time }
            onPage = []
        }

        private mutating func box(isSmall: Bool) -> Box {
            boxes += 1
            let wide = isSmall ? Int.random(in: 260...420, using: &random) : Int.random(in: 360...560, using: &random)
            let high = isSmall ? Int.random(in: 70...120, using: &random) : Int.random(in: 160...280, using: &random)
            let x = isSmall ? (Bool.random(using: &random) ? 20 : width - wide - 20) : (width - wide) / 2
            let y = isSmall ? (Bool.random(using: &random) ? 50 : height - high - 60) : (height - high) / 2
            return Box(number: boxes, x: x, y: y, width: wide, height: high)
        }

        private mutating func show(_ kind: StoryEvent.Kind, for seconds: Double, isSmall: Bool) {
            let before = state
            var with = state
            with.box = box(isSmall: isSmall)
            let shown = with
            scenes.append(Scene(start: time) { _ in shown })
            events.append(StoryEvent(kind: kind, start: time, end: time + seconds))
            time += seconds
            scenes.append(Scene(start: time) { _ in before })
        }

        private mutating func turn() {
            closePage()
            state = State(page: state.page + 1)
            let next = state
            scenes.append(Scene(start: time) { _ in next })
            onPage.append(events.count)
            events.append(StoryEvent(kind: .page, start: time, end: .infinity))
        }

        private mutating func type() {
            let from = state
            // There is room for so many characters.
            let count = Int.random(in: 15...60, using: &random)
            if state.typed + count > 120 { return turn() }
            let rate = Double.random(in: 5...11, using: &random)
            scenes.append(
                Scene(start: time) { passed in
                    var now = from
                    now.typed += min(count, Int(passed * rate))
                    return now
                })
            state.typed += count
            time += Double(count) / rate
            onPage.append(events.count)
            events.append(StoryEvent(kind: .typing, start: time, end: .infinity))
        }

        private mutating func scroll() {
            closePage()
            let from = state
            let screens = Int.random(in: 2...4, using: &random)
            let long = Double(screens) * Double.random(in: 2.5...4, using: &random)
            let way = screens * (height - 160)
            scenes.append(
                Scene(start: time) { passed in
                    var now = from
                    now.offset += Int(min(1, passed / long) * Double(way))
                    return now
                })
            // Every screenful is seen by a frame from half a screen before it to half a screen behind.
            for screen in 1...screens {
                let middle = time + long * Double(screen) / Double(screens)
                let half = long / Double(screens) / 2
                events.append(StoryEvent(kind: .scroll, start: middle - half, end: middle + half))
            }
            onPage.append(events.count - 1)
            state.offset += way
            time += long
        }

        private mutating func progress() {
            let before = state
            let long = Double.random(in: 4...10, using: &random)
            var with = state
            with.box = box(isSmall: false)
            let shown = with
            scenes.append(
                Scene(start: time) { passed in
                    var now = shown
                    now.box?.progress = Int(min(1, passed / long) * 100)
                    return now
                })
            events.append(StoryEvent(kind: .progress, start: time + 0.25 * long, end: time + 0.75 * long))
            events.append(StoryEvent(kind: .progress, start: time + long, end: time + long + 0.8))
            time += long + 0.8
            scenes.append(Scene(start: time) { _ in before })
        }
    }
}

/// Random numbers that are the same in every run.
struct StoryRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &+ 0x9e37_79b9_7f4a_7c15 }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}

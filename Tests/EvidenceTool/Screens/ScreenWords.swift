/// Makes up what stands on a screen, the same for the same seed.
struct ScreenWords {
    private var random: StoryRandom

    init(seed: UInt64) { random = StoryRandom(seed: seed) }

    mutating func number(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func any<Element>(_ list: [Element]) -> Element { list[number(in: 0...list.count - 1)] }

    /// A sentence's part with its first letter and commas, of at most so many characters.
    mutating func prose(atMost limit: Int) -> String {
        var line = capital()
        while line.count < limit - 12 {
            line += number(in: 0...9) == 0 ? ", " : " "
            line += word()
        }
        return line + "."
    }

    mutating func title() -> String { "\(number(in: 1...9)).\(number(in: 1...9)) " + capital() + " and " + word() }

    /// A line that a program logs.
    mutating func log(atMost limit: Int) -> String {
        var line = "\(digits(2)):\(digits(2)):\(digits(2)).\(digits(3)) "
        line += any(["info", "warn", "error", "debug"]) + " " + any(Self.words) + ": "
        switch number(in: 0...3) {
        case 0: line += "/usr/" + any(Self.words) + "/" + any(Self.words) + any([".so", ".conf", ".log", ".json"])
        case 1: line += "request " + digits(5) + " took " + digits(3) + " ms, status " + any(["200", "404", "500"])
        default: line += any(Self.words) + " " + any(Self.words) + " " + any(Self.words)
        }
        while line.count < number(in: 30...90), line.count < limit - 14 { line += " " + word() }
        return String(line.prefix(limit))
    }

    mutating func code() -> String {
        let name = word() + capital()
        switch number(in: 0...5) {
        case 0: return "let \(name) = \(word()).\(word())(\(digits(3)), \(word()): \"\(word())\")"
        case 1: return "func \(name)(_ \(word()): \(capital()), \(word()): Int) throws -> \(capital()) {"
        case 2: return "// \(capital()) \(word()) \(word()) \(word()) when \(word()) is \(digits(2))."
        case 3: return "if \(name) > \(digits(2)) && \(word()) != nil { return \(digits(1)) }"
        case 4: return "for \(word()) in \(name).filter({ $0.\(word()) }) { \(word()) += \(digits(2)) }"
        default: return "\(word())[\(digits(2))] = \(name) * \(digits(2)).\(digits(1)) + \(word())"
        }
    }

    mutating func label() -> String { capital() + " " + word() + " " + word() }

    mutating func value() -> String {
        switch number(in: 0...3) {
        case 0: digits(4) + " MB"
        case 1: any(["On", "Off", "Automatic", "Never", "Always"])
        case 2: digits(2) + "." + digits(1) + " %"
        default: capital()
        }
    }

    /// A line of Chinese with its marks and some numbers.
    mutating func chinese(atMost limit: Int) -> String {
        var line = ""
        while line.count < limit - 6 {
            line += any(Self.chineseWords)
            switch number(in: 0...11) {
            case 0: line += "，"
            case 1: line += "、"
            case 2: line += digits(2)
            default: break
            }
        }
        return line + "。"
    }

    private mutating func word() -> String { any(Self.words) }

    private mutating func capital() -> String {
        let word = word()
        return word.prefix(1).uppercased() + word.dropFirst()
    }

    private mutating func digits(_ count: Int) -> String {
        var text = String(number(in: 1...9))
        while text.count < count { text += String(number(in: 0...9)) }
        return text
    }

    private static let words = """
        the of and to in is that for was with as by on are from this have not they which one were all their there been
        many some time very when much could these two may first then more people about over water after called every
        through before great where should system program window screen picture memory process thread signal buffer
        network packet server client request answer message engine model token budget pixel column border margin
        button dialog picker folder editor search replace branch commit merge deploy release version package library
        compile linker symbol module import export private public static number string object array record field value
        market report growth annual quarter revenue customer product service quality research energy
        travel summer winter morning evening garden kitchen bridge mountain river island harbour village station
        """.split(whereSeparator: \.isWhitespace).map(String.init)

    private static let chineseWords = """
        我们 系统 程序 窗口 屏幕 图片 内存 进程 网络 服务 请求 回答 消息 模型 文件 编辑 搜索 版本 软件 时间 今天 明天 公司
        市场 报告 增长 产品 客户 质量 研究 能源 早上 晚上 学校 老师 学生 中国 世界 城市 问题 方法 工作 生活 发展 经济 社会
        可以 需要 已经 因为 所以 但是 如果 开始 结束 打开 关闭 保存 删除 设置 用户 密码 显示 错误 成功 失败 连接 数据 测试
        """.split(whereSeparator: \.isWhitespace).map(String.init)
}

/// Sizes as people read them.
public enum ByteCount {
    /// Decimal units, as disks and networks are sold: "7.1 GB", "545 MB".
    public static func text(_ bytes: Int) -> String {
        func tenths(_ unit: Int) -> String {
            let tenths = (bytes + unit / 20) / (unit / 10)
            return "\(tenths / 10).\(tenths % 10)"
        }
        return switch bytes {
        case 999_500_000...: tenths(1_000_000_000) + " GB"
        case 999_500...: "\((bytes + 500_000) / 1_000_000) MB"
        default: "\((max(0, bytes) + 500) / 1000) kB"
        }
    }
}

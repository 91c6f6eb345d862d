extension SettingTable {
  static let compression = SettingSection(
    "Compression", needs: .deflate,
    settings: [
      DeflateSetting(
        .deflateMemory, "DEFLATE_MEMORY", .size(64 << 10...1 << 30), "1M", zero: "no compression",
        "What compressing may take for all connections together; who finds none shares."),
      DeflateSetting(
        .deflateWindowBits, "DEFLATE_WINDOW_BITS", .number(9...15, of: "bits"), "12",
        "How far back the server looks for what repeats, and clients that can be told."),
      DeflateSetting(
        .deflateLevel, "DEFLATE_LEVEL", .number(1...9, of: ""), "6",
        "From 1, fast, to 9, small."),
      DeflateSetting(
        .deflateMinimum, "DEFLATE_MIN_SIZE", .size(1...1 << 20), "64",
        "A shorter message is sent as it is."),
    ])
}

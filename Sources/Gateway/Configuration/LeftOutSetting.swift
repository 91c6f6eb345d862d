/// Stands in the table where a board's build leaves a trait out: of a setting only the name is
/// kept, to say which trait it needs. It is written as `Setting` is; what else is said is dropped.
///
/// Ordinary builds keep every row: the README is made of them, and tests read them.
struct LeftOutSetting: Sendable {
  let name: StaticString

  init(
    _ key: SettingKey, _ name: StaticString, _ kind: SettingKind, _ fallback: StaticString,
    zero: StaticString? = nil, _ summary: StaticString
  ) {
    self.name = name
  }
}

#if StepDetection || !hasFeature(Embedded)
typealias StepSetting = Setting
#else
typealias StepSetting = LeftOutSetting
#endif

#if Rooms || !hasFeature(Embedded)
typealias RoomSetting = Setting
#else
typealias RoomSetting = LeftOutSetting
#endif

#if EmotionSync || !hasFeature(Embedded)
typealias EmotionSetting = Setting
#else
typealias EmotionSetting = LeftOutSetting
#endif

#if UserEvents || TypedConnections || !hasFeature(Embedded)
typealias UserQueueSetting = Setting
#else
typealias UserQueueSetting = LeftOutSetting
#endif

#if TypedConnections || !hasFeature(Embedded)
typealias TestSessionSetting = Setting
#else
typealias TestSessionSetting = LeftOutSetting
#endif

#if Persistence || !hasFeature(Embedded)
typealias PersistenceSetting = Setting
#else
typealias PersistenceSetting = LeftOutSetting
#endif

#if Deflate || !hasFeature(Embedded)
typealias DeflateSetting = Setting
#else
typealias DeflateSetting = LeftOutSetting
#endif

#if TLS || !hasFeature(Embedded)
typealias SecureSetting = Setting
#else
typealias SecureSetting = LeftOutSetting
#endif

#if Admin || !hasFeature(Embedded)
typealias ManagementSetting = Setting
#else
typealias ManagementSetting = LeftOutSetting
#endif

import Testing

@testable import Gateway

@Suite struct CredentialFilesTests {
  private let directory = "CREDENTIALS_DIRECTORY=/run/credentials/martlet.service"

  @Test(arguments: [true, false])
  func aNameAloneIsThatOfACredential(comesFirst: Bool) throws {
    let file = "JWT_SECRET_FILE=martlet.secret"
    let configuration = try configured(
      comesFirst ? directory : file, comesFirst ? file : directory)
    #expect(
      configuration.text(.jwtSecretFile)
        == Array("/run/credentials/martlet.service/martlet.secret".utf8))
    #expect(configuration.text(.jwtKeySetFile).isEmpty)
  }

  @Test(arguments: ["/etc/martlet/secret", "./secret", "keys/secret", ""])
  func aPathIsTakenAsItIs(path: String) throws {
    let configuration = try configured(directory, "JWT_SECRET_FILE=\(path)")
    #expect(configuration.text(.jwtSecretFile) == Array(path.utf8))
  }

  @Test(arguments: ["PATH=/bin", "CREDENTIALS_DIRECTORY="])
  func aNameIsAPathWithoutCredentials(entry: String) throws {
    let configuration = try configured(entry, "JWT_SECRET_FILE=secret")
    #expect(configuration.text(.jwtSecretFile) == Array("secret".utf8))
  }

  @Test func onlyFilesAreCredentials() throws {
    let configuration = try configured(directory, "JWT_ISSUER=us", "JWT_SECRET=much too weak")
    #expect(configuration.text(.jwtIssuer) == Array("us".utf8))
    #expect(configuration.text(.jwtSecret) == Array("much too weak".utf8))
  }
}

/// Public keys made for these tests with pyca/cryptography, and signatures of theirs; the private
/// halves were thrown away.
enum TestKeys {
  /// What every signature below is of.
  static let message = "eyJhbGciOiJub25lIn0.e30"

  /// 2048 bits.
  static let rsa = """
    -----BEGIN PUBLIC KEY-----
    MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAscRLIBigSDpDqGv2PnBY
    XfsejYw0EPwlqmSULW8BAcPkzdV8i6IpwrMWPzWg5Hpb5cZKr8CmaBaay00VC4oS
    0JFr4ZdWgnFniLFdyHeZY8XZH1WTFcH5aArIDOVqKxQfFkdlZfanq/ACWYJadzSS
    c7KZvKTDYv19VBUG+7vcztFXEuRmJCZge3Cl0KgJDWkPBWX9NNh+bK0az86+EsZL
    yUOvEkqOoLBG/MKCnY7MhvIjYwefDfUO9uVJCBJni79BR8eYBi0ki94k8QEaNKay
    RYj9ho3VT1Jpmn7+ivnixf61SkUYrrjQpHAfQXui5waW5pvtnw3txyBOp0ltXvyX
    6QIDAQAB
    -----END PUBLIC KEY-----
    """

  /// 1024 bits.
  static let weakRSA = """
    -----BEGIN PUBLIC KEY-----
    MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDPRDCoGKBOIvEiF9QkztLz8S8G
    /k6FsnE9dULUJ32spe2JE22B7gphX0pOPBpHSrfFgGL3IgAfmBBOm9aVJArR1Ekd
    Un7GsCaxS08okcWdsHNp+Ak818L+OaA0TrvkaLx67ImMKaPFZHpJLj3BTFQa8xl4
    5vrB7WqinuR0xV6I0wIDAQAB
    -----END PUBLIC KEY-----
    """

  /// The curve of ES256.
  static let p256 = """
    -----BEGIN PUBLIC KEY-----
    MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEX4cpfE4BEblOBqSwuG+eWKBYVD8K
    spWukwynNU4SVNqbYkCzLOuwgd7rYWiImDmPeKBNUCTZ4qYCM6ou0W6OzQ==
    -----END PUBLIC KEY-----
    """

  /// The curve of ES384.
  static let p384 = """
    -----BEGIN PUBLIC KEY-----
    MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE1LkjCeHjSxgLwvRD6zdWbKwB3rZK2rWj
    W7GPQFIwZtzpr6gz4BTt5/cpCJSRG9DukuTkarbPxztIS0aTPbj706UqyOhVujjx
    5KoBiOKQN+DVgr8ipTcz4yynHo9Wwrrr
    -----END PUBLIC KEY-----
    """

  /// secp256k1: 256 bits as well, and no curve of ours.
  static let bitcoin = """
    -----BEGIN PUBLIC KEY-----
    MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEE4gt5Su/bZXcnApq2ruAlIcNhRLNS9qb
    Nk7VveJ7vvGp8R3Haw55sPKYEwdS29PL+W5PPKIQ5us7MPgZpZOIMw==
    -----END PUBLIC KEY-----
    """

  static let rs256 =
    "QkTDVmXFnM7jF65CjVqg6ZwFw98UcawwB-"
    + "Jcelrq-88tZauuFtbapCWp_3MFBkIm7KO6W3PVXCFLrcQzyLe6NjM3LrJdBqz-hbfMI_st4FyM8vi7uYt2QWUZoP"
    + "_8KEf6p3_nqXIJxR6GjMj845Ow1weODCBcYZQXff7Ro4BKCt9_G80Q9Yi8NerPZUrmjO2hpGsruUNj1HhIFuSdJd"
    + "hQEBpHKhSC0CVUBDTrMVo84phi8EECaQu2LrKpyWIGgCYNZE2xzXKmDwJj5XGYvo5Qez4FsJIH8iUMzNiMjTUZaV"
    + "LgAw1Muw7xlpjX5J6nM1amxssdf-3PqsPf4gwoF_GcUQ"
  static let rs384 =
    "bhKNMdxk9MQSQheb1jXRp78GcSjR-lmjsRP9i-XNWcLl7-"
    + "0w94YD9k1ypuF5BTNei_LMhd873BBZSsWFwXSlwUAx1m7CY4dSXxRHiONXFecnKqkrumJelHkj4JMm5Ix3UQ2TDK"
    + "dK2DHfUSN_9e5tC-"
    + "f4gzU1fCQfL01aikPPaE_XV6kklURNeFxhlVpeUY5VoG_eZP4EpEGr_ndegXSdp7TPaiROCPUd47FoyFeKnfiTzt"
    + "h9XbSZvbeg3zJxJ3SzFWwKZeyMr0Em3-"
    + "mPhh7q9owWNdob_grnVpEhfYKsjqu38Nged6mv5w7FjkhMh3GZsjI_aEIM_qoNhqJ68uHU_Q"
  static let rs512 =
    "rGaWcLYloRbj2KBY_hCG5ktS4l389Hm3Ey8sRRtQlE-"
    + "O7dloXPQRzpBIDM0Bk_ihSU1PmueIvJLVGlxq_2HhWCTzGHi4ZhN_EByb23mYLnLmvW6-"
    + "Y50NZ7m0mCV4q1ddeAT6FPvKKOyKVNbjfznH9grBCrO7k9ppz0e69TMywgcVv3zsgwEDZ3oIwb_UuJ99tzP7aTjR"
    + "d4lvoKTH7I3TsZ52rDJxmOSUR9lZwwHPcTHtZQwDPIbj6vguFQtH6eB8xFdfN2sc-M9kWQqC0GITv3dhZ-"
    + "551CiO4RMkyxwSvxMPCV32P1FBKgpuePA6l09M5Ej4ZhjDOlVZZlyvXw4iNQ"
  static let ps256 =
    "Q-e1bTDaRRKTuobRXewICqwHpAUiR3JMi4MvLj-HcT_HD4M4Lo3KvvW7fglcXLLN2g_uAiW4tpWyAgdMohpiJEL-"
    + "vO6n7KApn8sAw9kdDUxtqjyYaGJDLQYlQW-bvsb7GCpkvUyG9nxgwkPh1vIWnd5qqxTrqSlsVh-RbBcATYVyzy1i"
    + "Kxtno5xmoZCqvFKnqSRyla8LIn_Lf_Q7gTE_IZa1rQuRC00fNo0Ks4De7pE1TmK0rNYpnV6mwJypx9ARaNRuWj7v"
    + "94AFtt9VOItO_l4xl3NgKBVpujsYaMXkq9vxKi6hr7dCommfDiQj1OZrf_3jZ_AAMFV8J6eG6uuHSw"
  static let es256 =
    "IgL8k20KP-7MNJjZUmnmPghOvD10Q1p-fe0GellDj7HJpE83on2z18EgGSHet0HmM7PtEOh7nljfGIuL9_kveg"
  static let es384 =
    "a_FoDX9fszy1MXtcFYm4dYjfJmZilYVA2oi6M_yt_s3vzJHGvEFXpI1m0C9scEqhrRVYwTxDk_5GZvq4Kz1CPxF0"
    + "5VuT9Wai8qQ10SRyqWm3y8ki-z6yhb5Rh5zAD4y3"
  /// PS256 with a salt of 20 bytes.
  static let shortSalt =
    "FdfePS2hr5K2CBGcAV3O8U1bLDKk3T-jZgrLpklKD6PIcMgOPV6zIcF-"
    + "TzsZE79gFAnSq_7sAEqJehB7hsFPhtmsVRUgpRK1JChcqP9UtOhJtbgbyBXRF0b3dO884Gse-UteIc_VJViHw_ot"
    + "IwirBHpAmPYYn0aOGTIieSggbHQyvsi1pFb5ls0Z2n-"
    + "WKVFeSiafgbcRhy8BiZDq2hk_0jMjIN0BGqN4yLguJaN0FwEGUxUiDH2at7gfLZAcVy8m2tiNWjilFcm3Ej37xlZ"
    + "sFzNwKTzZJOnHdQPXV7MRM0UUkNmHa8PJdZZ_vC3mk4wk-sfGwnpa_bDRgPRlVd0SUA"
}

// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import static io.sourceblind.capture.redact.SecretRule.secret;

import java.util.List;

/// The rules for secrets: first those whose form gives them away, then those behind a name, then
/// whatever looks as only a machine writes.
final class Secrets {

  /// What may stand before a token: the pattern begins at its first character.
  private static final String EDGE = "\\b";

  static final List<SecretRule> ALL =
      List.of(
          secret(
                  "private key",
                  "-----BEGIN [A-Z0-9 ]{0,40}(?:PRIVATE KEY|CERTIFICATE)[A-Z ]{0,20}-----"
                      + "[\\s\\S]*?(?:-----END [A-Z0-9 ]{0,60}-----|\\z)",
                  "-----begin")
              .catches("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----")
              .spares("a PEM file begins with dashes"),
          secret("age key", "(?i)AGE-SECRET-KEY-1[0-9A-Z]{20,}", "age-secret-key-")
              .catches("AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ")
              .spares("an age secret key is long"),
          secret(
                  "aws key",
                  EDGE + "(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z2-7]{12,20}",
                  "akia",
                  "asia",
                  "abia",
                  "acca",
                  "aroa",
                  "aida",
                  "a3t")
              .near(Clue.edge(16))
              .catches("key=AKIAIOSFODNN7EXAMPLE")
              .spares("AKIA is how such keys begin", "ASIA and EUROPE"),
          secret(
                  "github token",
                  EDGE + "(?:gh[pousr]_[0-9A-Za-z]{16,}|github_pat_[0-9A-Za-z_]{20,})",
                  "ghp_",
                  "gho_",
                  "ghu_",
                  "ghs_",
                  "ghr_",
                  "github_pat_")
              .near(Clue.edge(20))
              .catches(
                  "ghp_0123456789abcdefABCDEF0123456789abcd, then",
                  "github_pat_11ABCDEFG0123456789_abcdefgh")
              .spares("a ghp_ token", "the github_pat_ prefix"),
          secret(
                  "gitlab token",
                  EDGE + "gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[0-9A-Za-z_\\-]{16,}",
                  "gl")
              .near(Clue.edge(21))
              .catches("glpat-0123456789abcdefghij")
              .spares("glpat- is the prefix"),
          secret("anthropic key", EDGE + "sk-ant-[0-9A-Za-z_\\-]{16,}", "sk-ant-")
              .near(Clue.edge(23))
              .catches("sk-ant-api03-0123456789abcdefghij")
              .spares("keys begin with sk-ant-"),
          secret(
                  "openai key",
                  EDGE + "sk-(?:proj-|svcacct-|admin-|or-v1-|lf-)?[0-9A-Za-z_\\-]{18,}",
                  "sk-")
              .near(Clue.edge(21))
              .when(Secrets::hasDigitAndLetter)
              .catches("sk-proj-0123456789abcdefghijABCDEFG")
              .spares("sk-learn", "sk-something-that-has-no-number-in-it"),
          secret("hugging face token", EDGE + "(?:hf|api_org)_[0-9A-Za-z]{20,}", "hf_", "api_org_")
              .near(Clue.edge(23))
              .catches("hf_abcdefghijklmnopqrstuvwxyzABCDEFGH")
              .spares("hf_hub"),
          secret(
                  "slack token",
                  EDGE + "xox[a-z](?:\\.xox[a-z])?-[0-9A-Za-z\\-]{10,}|\\bxapp-[0-9A-Za-z\\-]{10,}",
                  "xox",
                  "xapp-")
              .near(Clue.edge(15))
              .catches("xoxb-123456789012-abcdefABCDEF")
              .spares("xoxo to you"),
          secret(
                  "slack webhook",
                  "https?://hooks\\.slack(?:-gov)?\\.com/[A-Za-z]+/[0-9A-Za-z+/_\\-]{8,}",
                  "hooks.slack")
              .catches(
                  "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX")
              .spares("we use hooks.slack.com for this"),
          secret(
                  "discord webhook",
                  "https?://(?:[a-z]+\\.)?discord(?:app)?\\.com/api/webhooks/[0-9A-Za-z/_\\-]{8,}",
                  "discord")
              .catches("https://discord.com/api/webhooks/123456789012345678/abcDEF_ghi-jkl")
              .spares("ask on discord"),
          secret(
                  "stripe key",
                  EDGE
                      + "(?:(?:sk|rk|pk)_(?:live|test|prod)_[0-9A-Za-z]{10,}|whsec_[0-9A-Za-z+/=]{16,})",
                  "_live_",
                  "_test_",
                  "_prod_",
                  "whsec_")
              .catches("sk_live_0123456789abcdefABCDEF01")
              .spares("the pk_test_ keys"),
          secret("google key", EDGE + "AIza[0-9A-Za-z_\\-]{25,}", "aiza")
              .near(Clue.edge(29))
              .catches("AIzaSyA0123456789abcdefghijklmnopqrstuv")
              .spares("AIza is the prefix"),
          secret(
                  "google token",
                  EDGE
                      + "(?:ya29\\.[0-9A-Za-z_\\-]{10,}|1//0[0-9A-Za-z_\\-]{20,}|GOCSPX-[0-9A-Za-z_\\-]{20,})",
                  "ya29.",
                  "1//0",
                  "gocspx-")
              .catches("ya29.a0AfH6SMBabcdefghij")
              .spares("ya29 tokens are short lived"),
          secret("npm token", EDGE + "npm_[0-9A-Za-z]{20,}", "npm_")
              .near(Clue.edge(24))
              .catches("npm_0123456789abcdefghijklmnopqrstuvwxyz")
              .spares("npm_config_registry"),
          secret("pypi token", EDGE + "pypi-[0-9A-Za-z_\\-]{20,}", "pypi-")
              .near(Clue.edge(25))
              .when(Secrets::hasDigitAndLetter)
              .catches("pypi-AgEIcHlwaS5vcmcCJDAxMjM0NTY3ODk")
              .spares("pypi-server"),
          secret("sendgrid key", EDGE + "SG\\.[0-9A-Za-z_\\-]{10,}\\.[0-9A-Za-z_\\-]{10,}", "sg.")
              .near(Clue.edge(23))
              .catches("SG.0123456789abcdefghijkl.0123456789abcdefghijklmnop")
              .spares("SG. is short for Singapore."),
          secret("twilio key", EDGE + "(?:SK|AC)[0-9a-f]{32}", "sk", "ac")
              .near(Clue.edge(34))
              .catches("SK0123456789abcdef0123456789abcdef")
              .spares("SKIP this", "ACTIVE"),
          secret("mailgun key", EDGE + "(?:key|pubkey)-[0-9a-f]{32}", "key-")
              .near(Clue.run(36))
              .catches("key-0123456789abcdef0123456789abcdef")
              .spares("a key-value store"),
          secret("digitalocean token", EDGE + "do[opr]_v1_[0-9a-f]{20,}", "_v1_")
              .near(Clue.run(24))
              .catches("dop_v1_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")
              .spares("dop_v1_ is the prefix"),
          secret(
                  "supabase key",
                  EDGE + "sb[p]?_(?:secret_|publishable_)?[0-9A-Za-z_\\-]{20,}",
                  "sb_",
                  "sbp_")
              .near(Clue.edge(23))
              .catches("sb_secret_0123456789abcdefghijkl_mnop")
              .spares("sb_secret"),
          secret(
                  "sourceblind secret",
                  EDGE + "sb[dklrsw]_[0-9A-Za-z]{36}",
                  "sbd_",
                  "sbk_",
                  "sbl_",
                  "sbr_",
                  "sbs_",
                  "sbw_")
              .near(Clue.edge(40))
              .catches(
                  "sbk_0123456789abcdefghijklmnopqrstuvwxyz",
                  "sbw_0123456789abcdefghijklmnopqrstuvwxyz")
              .spares("sbk_ is the prefix"),
          secret("vault token", EDGE + "hv[sbr]\\.[0-9A-Za-z_\\-]{20,}", "hvs.", "hvb.", "hvr.")
              .near(Clue.edge(24))
              .catches("hvs.CAESIabcdefghijklmnopqrstuvwxyz")
              .spares("hvs. tokens"),
          secret("databricks token", EDGE + "dapi[0-9a-f]{28,}", "dapi")
              .near(Clue.edge(32))
              .catches("dapi0123456789abcdef0123456789abcdef")
              .spares("a dapi is not an api"),
          secret("shopify token", EDGE + "shp(?:at|ca|pa|ss|tka)_[0-9A-Fa-f]{20,}", "shp")
              .near(Clue.edge(26))
              .catches("shpat_0123456789abcdef0123456789abcdef")
              .spares("shpat_ is the prefix"),
          secret("telegram token", EDGE + "[0-9]{6,12}:A[A-Za-z0-9_\\-]{30,}", ":a")
              .near(Clue::behindDigit)
              .catches("4839574812:AAFD39kkdpWt3ywyRZergyOLMaJhac60qcK")
              .spares("12:30 at noon"),
          secret("linear key", EDGE + "lin_(?:api|oauth)_[0-9A-Za-z]{16,}", "lin_")
              .near(Clue.edge(24))
              .catches("lin_api_0123456789abcdefghijklmnopqrstuvwxyzABCD")
              .spares("the lin_api_ keys"),
          secret(
                  "posthog key",
                  EDGE + "ph[cxsra]_[0-9A-Za-z]{20,}",
                  "phc_",
                  "phx_",
                  "phs_",
                  "phr_",
                  "pha_")
              .near(Clue.edge(24))
              .catches("phx_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG")
              .spares("phx_ keys"),
          secret(
                  "new relic key",
                  EDGE + "NR(?:AK|JS|II|RA|MA|AA|BR)-[0-9A-Za-z\\-]{16,}",
                  "nrak-",
                  "nrjs-",
                  "nrii-",
                  "nrra-",
                  "nrma-",
                  "nraa-",
                  "nrbr-")
              .near(Clue.edge(21))
              .catches("NRAK-ABCDEFGHIJKLMNOPQRSTUVWXYZ1")
              .spares("NRAK is a prefix"),
          secret(
                  "grafana token",
                  EDGE + "gl(?:sa|c|su)_[0-9A-Za-z_+/=]{20,}",
                  "glsa_",
                  "glc_",
                  "glsu_")
              .near(Clue.edge(24))
              .catches("glsa_abcdefghijklmnopqrstuvwxyz012345_1234abcd")
              .spares("glsa tokens"),
          secret(
                  "service token",
                  EDGE
                      + "(?:sntry[su]_|dckr_(?:pat|oat)_|rubygems_|figd_|pul-|ATATT3|ATCTT3|ATBB|tskey-|xkeysib-|secret_|ntn_|r8_|gsk_|xai-|pplx-|nvapi-|fly_|dp\\.(?:pt|st|ct|sa)\\.|EAAA|sq0(?:atp|csp)-|shippo_(?:live|test)_|PMAK-|lsv2_|vercel_|CCIPAT_|bkua_|cio[a-z]_|tfp_|hcl_|eyJrIjoi|rnd_|re_|cal_live_|e2b_|fc-|jina_|tvly-|key_live_|dt0[a-z][0-9]{2}\\.)[0-9A-Za-z_.+/=\\-]{16,}",
                  "sntry",
                  "dckr_",
                  "rubygems_",
                  "figd_",
                  "pul-",
                  "atatt3",
                  "atctt3",
                  "atbb",
                  "tskey-",
                  "xkeysib-",
                  "secret_",
                  "ntn_",
                  "r8_",
                  "gsk_",
                  "xai-",
                  "pplx-",
                  "nvapi-",
                  "fly_",
                  "dp.",
                  "eaaa",
                  "sq0",
                  "shippo_",
                  "pmak-",
                  "lsv2_",
                  "vercel_",
                  "ccipat_",
                  "bkua_",
                  "cio",
                  "tfp_",
                  "hcl_",
                  "eyjrijoi",
                  "rnd_",
                  "re_",
                  "cal_live_",
                  "e2b_",
                  "fc-",
                  "jina_",
                  "tvly-",
                  "key_live_",
                  "dt0")
              .near(Clue.edge(19))
              .when(Secrets::hasDigitAndLetter)
              .catches("gsk_0123456789abcdefghijABCDEFGH", "dckr_pat_0123456789abcdefghijABCDE")
              .spares("re_export everything", "secret_santa", "pul-request"),
          secret("service token", EDGE + "FlyV1 [0-9A-Za-z_.+/=\\-]{16,}", "flyv1 ")
              .near(Clue.edge(5))
              .when(Secrets::hasDigitAndLetter)
              .catches("FlyV1 fm2_0123456789abcdefghij")
              .spares("FlyV1 is a prefix"),
          secret(
                  "azure key",
                  "(?i)(?:AccountKey|SharedAccessKey|SharedAccessSignature)\\s*=\\s*([A-Za-z0-9+/=%]{20,})",
                  "accountkey",
                  "sharedaccess")
              .group(1)
              .catches("AccountKey=abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789+/==;Next=1")
              .spares("the AccountKey is needed"),
          secret(
                  "jwt",
                  EDGE + "ey[A-Za-z0-9_\\-]{8,}\\.[A-Za-z0-9_\\-]{4,}(?:\\.[A-Za-z0-9_\\-]*)?",
                  "ey")
              .near(Clue.edge(15))
              .when(Secrets::hasDigitAndLetter)
              .catches("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcDEF_ghi-0123456789")
              .spares("keys.are.here", "they are"),
          secret(
                  "web address login",
                  "[A-Za-z][A-Za-z0-9+.\\-]{1,20}://([^\\s/@:\"'`<>]{0,80}:[^\\s/@\"'`<>]{1,200})@",
                  "://")
              .near(Clue::beforeLogin)
              .group(1)
              .catches("postgres://app:s3cret@db.example.com/shop")
              .spares("see https://example.com/path", "ssh://git@example.com/x"),
          secret("one time password", "(?i)otpauth(?:-migration)?://\\S{4,}", "otpauth")
              .catches("otpauth://totp/App:me?secret=JBSWY3DPEHPK3PXP&issuer=App")
              .spares("otpauth is a scheme"),
          secret(
                  "authorization header",
                  "(?i)\\b(?:authorization|proxy-authorization)[\"']?\\s*[:=]\\s*[\"']?(?:(?:basic|bearer|token|digest|negotiate|apikey)\\s+)?([A-Za-z0-9._~+/=\\-]{6,})",
                  "authorization")
              .group(1)
              .when(s ->
                  !s.equalsIgnoreCase("bearer")
                      && !s.equalsIgnoreCase("header")
                      && (hasDigit(s) || s.length() > 20))
              .catches(
                  "Authorization: Bearer abc123def456ghi789",
                  "authorization: Basic YWRtaW46aHVudGVyMg==")
              .spares("authorization: the missing part", "authorization is checked first"),
          secret(
                  "bearer token",
                  "(?i)\\b(?:bearer|basic)\\s+([A-Za-z0-9._~+/\\-]{16,}={0,2})",
                  "bearer",
                  "basic")
              .near(Clue::beforeBlank)
              .group(1)
              .when(s -> hasDigit(s) && hasLetter(s))
              .catches("Bearer abc123def456ghi789jkl")
              .spares("the bearer of the message", "a basic understanding"),
          secret("npm registry token", "(?i)(_auth(?:Token)?\\s*=\\s*\\S{4,})", "_auth")
              .near(Clue::beforeEquals)
              .group(1)
              .catches("//registry.example.org/:_authToken=0123-4567")
              .spares("an _auth helper"),
          secret(
                  "password",
                  "(?i)[\"'`]?[A-Za-z0-9_.\\-]{0,40}(?:passw(?:or)?d|passwort|passphrase|pwd|mot_de_passe|contrase\u00f1a|senha|has\u0142o|\u043f\u0430\u0440\u043e\u043b\u044c|\u5bc6\u7801)[A-Za-z0-9_\\-]{0,20}[\"'`]?\\s*(?:=>|:=|==?|[:\uff1a])\\s*(?:\"([^\"\\n]{2,200})\"|'([^'\\n]{2,200})'|([^\\s\"'`]{4,200}))",
                  "passw",
                  "passphrase",
                  "pwd",
                  "mot_de_passe",
                  "contrase\u00f1a",
                  "senha",
                  "has\u0142o",
                  "\u043f\u0430\u0440\u043e\u043b\u044c",
                  "\u5bc6\u7801")
              .near(Clue::assigned)
              .when(Secrets::hasValueLikeASecret)
              .catches("DB_PASSWORD=\"Wk9Alw%fZe3q\"", "password: hunter22", "passwd => 'abc def'")
              .spares("password: the one you know", "the password is wrong", "forgot password?"),
          secret(
                  "key",
                  "(?i)[\"'`]?[A-Za-z0-9_.\\-]{0,40}(?:api[_\\-]?key|apikey|secret|token|access[_\\-]?key|private[_\\-]?key|client[_\\-]?secret|credential|auth[_\\-]?key|encryption[_\\-]?key|signing[_\\-]?key|license[_\\-]?key|x-api-key|session[_\\-]?id|cookie|salt)[A-Za-z0-9_\\-]{0,20}[\"'`]?\\s*(?:=>|:=|==?|[:\uff1a])\\s*(?:\"[^\"\\n]{6,400}\"|'[^'\\n]{6,400}'|`[^`\\n]{6,400}`|[\"'`]?[^\\s\"'`,;)]{6,400})",
                  "key",
                  "secret",
                  "token",
                  "credential",
                  "session",
                  "cookie",
                  "salt")
              .near(Clue::assignedMuch)
              .when(Secrets::hasValueLikeASecret)
              .catches(
                  "x-api-key: Ir7vl5kFkkYO9DwfJ6sV",
                  "SECRET_KEY_BASE=18ce6973445676e8ea157c0db74e7dae")
              .spares("the key: whatever works", "token: there are two", "one key=value pair"),
          secret(
                  "key",
                  EDGE
                      + "(?i)(?:password|passwort|passcode|secret|token|api key|access key|pin)\\s+(?:is|ist|es|was|to)\\s+[\"'`]?([^\\s\"'`,;)]{6,200})",
                  "password",
                  "passwort",
                  "passcode",
                  "secret",
                  "token",
                  "api key",
                  "access key",
                  "pin")
              .near(Clue::said)
              .group(1)
              .when(s -> hasDigit(s) && hasLetter(s))
              .catches("the password is hunter2hunter2")
              .spares("the token is missing here", "the password is required"),
          secret(
                  "key",
                  EDGE
                      + "(?i)(?:secret|token|api key|access key|pin|passcode)\\s+(?:is|ist|est|es|was|to|lautet)\\s+(\"[^\"\\n]{3,200}\"|'[^'\\n]{3,200}'|`[^`\\n]{3,200}`)",
                  "secret",
                  "token",
                  "api key",
                  "access key",
                  "pin",
                  "passcode")
              .near(Clue::said)
              .group(1)
              .catches("the secret is \"correct horse battery\"")
              .spares("the token is missing here"),
          secret(
                  "password",
                  "(?i)(?:passw(?:or)?d|passwort|kennwort|passphrase|passcode|mot de passe|contrase\u00f1a|senha|\u043f\u0430\u0440\u043e\u043b\u044c|\u5bc6\u7801|\u5bc6\u78bc|\u30d1\u30b9\u30ef\u30fc\u30c9|\ube44\ubc00\ubc88\ud638)[\"'`]?"
                      + "(?:\\s*(?:=>|:=|==?|[:\uff1a\uff1d\u2014\u2013]|\u662f|\u306f|\ub294)\\s*|\\s+(?:is|ist|est|es|lautet|\u00e9|\u044d\u0442\u043e)\\s*[:=]?\\s+)"
                      + "(?:\"[^\"\\n]{1,200}\"|'[^'\\n]{1,200}'|`[^`\\n]{1,200}`|\u201c[^\u201d\\n]{1,200}\u201d|\u00ab[^\u00bb\\n]{1,200}\u00bb|[^\\s\"'`,;\uff0c\u3002\u3001\uff1b]{1,200})",
                  "passw",
                  "kennwort",
                  "passphrase",
                  "passcode",
                  "mot de passe",
                  "contrase\u00f1a",
                  "senha",
                  "\u043f\u0430\u0440\u043e\u043b\u044c",
                  "\u5bc6\u7801",
                  "\u5bc6\u78bc",
                  "\u30d1\u30b9\u30ef\u30fc\u30c9",
                  "\ube44\ubc00\ubc88\ud638")
              .near(Clue::here)
              .when(Passwords::isAValueBehind)
              .catches(
                  "the password is swordfish",
                  "password: 'correct horse'",
                  "das Passwort lautet sonnenblume",
                  "mot de passe : azur",
                  "la contrase\u00f1a es girasol",
                  "\u043f\u0430\u0440\u043e\u043b\u044c \u2014 \u0441\u043e\u043b\u043d\u0446\u0435",
                  "\u5bc6\u7801\u662fabc",
                  "\u30d1\u30b9\u30ef\u30fc\u30c9\u306f himawari",
                  "\ube44\ubc00\ubc88\ud638: haebaragi")
              .spares(
                  "the password is wrong",
                  "the password is required",
                  "password: the one you know",
                  "das Passwort ist falsch",
                  "forgot password?"),
          secret(
                  "pin",
                  "(?i)\\bpin(?:[ -]?(?:code|number|nummer))?(?:\\s*[:=]\\s*|\\s+(?:is|ist|est|es|was|to|lautet)\\s+|\\s+)[\"'`]?([0-9]{4,8})\\b",
                  "pin")
              .near(Clue::beforePin)
              .group(1)
              .catches("my PIN is 4711", "pin: 004711", "pin code 4711", "PIN=123456")
              .spares("pin 12 of the chip", "the pin is bent", "spin 4711"),
          secret(
                  "passphrase",
                  "(?i)\\b(?:pass ?phrase|seed phrase|recovery phrase|mnemonic(?: phrase)?)(?:\\s+(?:is|was|ist|to)|\\s*[:=])\\s+([\\pL]+(?:[ -][\\pL]+){2,24})",
                  "passphrase",
                  "pass phrase",
                  "seed phrase",
                  "recovery phrase",
                  "mnemonic")
              .group(1)
              .when(Passwords::isPhrase)
              .catches(
                  "the passphrase is correct horse battery staple",
                  "seed phrase: river lamp stone cloud apple winter")
              .spares(
                  "the passphrase is not stored in any place",
                  "the recovery phrase is what you get at the beginning"),
          secret("key", "[A-Za-z0-9+/=_\\-]{20,}")
              .near(Clue::random)
              .when(Secrets::looksRandom)
              .catches("a9Lq4SbqNqXrBjOiq7dnvoxS+cR7Y4mTzFLqBIFC")
              .spares(
                  "hasSignificantContentOverlap",
                  "manual-commit-strategy-two",
                  "TestResume_AfterMergingMain"));

  private Secrets() {}

  private static boolean hasDigit(String text) {
    return text.chars().anyMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean hasLetter(String text) {
    return text.chars().anyMatch(Character::isLetter);
  }

  private static boolean hasDigitAndLetter(String text) {
    return hasDigit(text) && hasLetter(text);
  }

  /// The value after a name such as `password` counts as secret unless it is plainly a word.
  private static boolean hasValueLikeASecret(String match) {
    int at =
        Math.max(match.lastIndexOf('='), Math.max(match.lastIndexOf(':'), match.lastIndexOf('>')));
    String value = match.substring(at + 1).strip();
    if (match.indexOf('"', at) >= 0 || match.indexOf('\'', at) >= 0) {
      return true;
    }
    boolean word =
        value.chars().allMatch(c -> Character.isLetter(c) || c == '.' || c == '?' || c == '-');
    return !word || (match.contains("=") && match.indexOf(' ') < 0 && value.length() >= 8);
  }

  /// Whether one run of letters and digits in a token changes between capital, small letter and
  /// digit as often as only a machine does.
  static boolean looksRandom(String token) {
    int start = -1;
    for (int i = 0; i <= token.length(); i++) {
      boolean in =
          i < token.length()
              && (Character.isLetterOrDigit(token.charAt(i)) || token.charAt(i) == '+');
      if (in && start < 0) {
        start = i;
      } else if (!in && start >= 0) {
        if (i - start >= 14 && isRandom(token.substring(start, i))) {
          return true;
        }
        start = -1;
      }
    }
    return false;
  }

  private static boolean isRandom(String run) {
    boolean upper = false;
    boolean lower = false;
    boolean digit = false;
    boolean hexadecimal = true;
    int changes = 0;
    int before = -1;
    for (int i = 0; i < run.length(); i++) {
      char c = run.charAt(i);
      int kind =
          c >= '0' && c <= '9' ? 0 : Character.isUpperCase(c) ? 1 : Character.isLetter(c) ? 2 : 3;
      digit |= kind == 0;
      upper |= kind == 1;
      lower |= kind == 2;
      hexadecimal &= kind == 0 || (c >= 'a' && c <= 'f');
      changes += kind != before && before >= 0 ? 1 : 0;
      before = kind;
    }
    // The name of a commit or of a record is no secret; the projection writes [name] for it.
    return digit && (upper || lower) && !hexadecimal && changes * 3 >= run.length();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import static io.sourceblind.capture.redact.SecretRule.personal;

import java.util.List;

/// The rules for personal data: by their form and their check digits, or by the words before them.
final class PersonalData {

  static final List<SecretRule> ALL =
      List.of(
          personal(
                  "mail address",
                  "(?i)[\\pL0-9._%+\\-]{1,64}(?:@|\\(at\\)|\\[at\\])[\\pL0-9\\-]{1,63}(?:\\.[\\pL0-9\\-]{1,63})+",
                  "@",
                  "(at)",
                  "[at]")
              .near(Clue::betweenNames)
              .catches("maria.gonzalez@uni-koeln.de", "x (me@example.co.uk)")
              .spares("@Override public", "user@host", "at 5 o'clock"),
          personal("iban", "\\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\\b")
              .near(Clue::behindCountry)
              .when(Checksums::iban)
              .catches("DE89370400440532013000", "GB82 WEST 1234 5698 7654 32")
              .spares("DE89370400440532013001", "AB12 CDEF"),
          personal("card number", "\\b[0-9](?:[ \\-]?[0-9]){11,18}\\b")
              .near(Clue.digits(12, 19, " -"))
              .when(Checksums::luhn)
              .catches("4111 1111 1111 1111", "378282246310005")
              .spares("4111 1111 1111 1112", "2026-11-21 10:11:12"),
          personal("social security number", "\\b[0-9]{3}-[0-9]{2}-[0-9]{4}\\b")
              .near(Clue::dashed)
              .when(Checksums::usSocialSecurity)
              .catches("295-48-8772")
              .spares("000-48-8772", "2026-11-21"),
          personal("tax id", "\\b[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}\\b")
              .near(Clue.digits(11, 11, " "))
              .when(Checksums::germanTaxId)
              .catches("86095742719")
              .spares("86095742718", "12345678901"),
          personal(
                  "national insurance number",
                  "\\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]\\b")
              .near(Clue::behindCapital)
              .catches("AB 12 34 56 C")
              .spares("AB 12 34"),
          personal("spanish id", "\\b(?:[0-9]{8}|[XYZ][0-9]{7})-?[A-HJ-NP-TV-Z]\\b")
              .near(Clue::beforeCapital)
              .catches("12345678Z")
              .spares("12345678"),
          personal(
                  "ipv6 address",
                  "(?i)(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){1,6}|(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?|::[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){1,6}",
                  behindEach(":", ":"))
              .near(Clue::betweenGroups)
              .when(PersonalData::isIpv6)
              .catches("2a01:4f8:ba2c:fd70::a6", "fe80::1ff:fe23:4567:890a")
              .spares("12:30:45", "a::b", "std::abs"),
          personal(
                  "mac address",
                  "(?i)\\b[0-9a-f]{2}(?:[:\\-][0-9a-f]{2}){5}\\b|\\b[0-9a-f]{4}\\.[0-9a-f]{4}\\.[0-9a-f]{4}\\b",
                  behindEach(":-.", ""))
              .near(Clue::betweenPairs)
              .catches("6d:c0:22:f5:6a:09")
              .spares("10:11:12"),
          personal("ipv4 address", "\\b[0-9]{1,3}(?:\\.[0-9]{1,3}){3}\\b")
              .near(Clue::dotted)
              .when(Checksums::ipv4)
              .catches("172.179.116.221")
              .spares("1.2.3", "1.2.3.444"),
          personal(
                  "phone number",
                  "\\+[0-9]{1,3}[ .\\-/]?(?:\\(?[0-9]{1,5}\\)?[ .\\-/]?){1,6}[0-9]{2,}|\\(?\\b[2-9][0-9]{2}\\)?[ .\\-][2-9][0-9]{2}[ .\\-][0-9]{4}\\b|\\b0[1-9][0-9]{1,4}[ /\\-][0-9]{3,}(?:[ \\-]?[0-9]{2,}){0,4}\\b|\\b00[1-9][0-9]{1,2}[ \\-]?[0-9](?:[ \\-]?[0-9]){6,12}\\b")
              .near(Clue::dialled)
              .when(Checksums::telephone)
              .catches("+1 (690) 263-1974", "+49 30 3874615", "(415) 555-2671", "0221 4710815")
              .spares("+3 -2", "2026-11-21", "room 101 and 102"),
          personal(
                  "home folder",
                  "(?i)(?:/home/|/Users/|[A-Z]:\\\\+(?:Users|Documents and Settings)\\\\+|[A-Z]:/Users/|/mnt/[a-z]/Users/|/c/Users/|-(?:home|Users)-)[^\\s\"'`<>|:;,)\\]}]+",
                  "home",
                  "users",
                  "documents and settings")
              .near(Clue::behindSlash)
              .catches("/home/mgonzalez/work/app", "C:\\Users\\mgonzalez\\src")
              .spares("the home folder", "Users are many"),
          personal(
                  "home folder",
                  "(?:^|[\\s\"'`(=:])(~[\\w.\\-]*(?:/[^\\s\"'`<>|:;,)\\]}]*)?)",
                  "~/")
              .group(1)
              .when(s -> s.length() > 1 && s.contains("/"))
              .catches("see ~/Downloads/picture.jpg")
              .spares("about ~5 of them"),
          personal(
                  "national id",
                  "\\b(?:[0-9]{11}|[0-9]{6} [0-9]{5}|[0-9]{3}\\.[0-9]{3}\\.[0-9]{3}-[0-9]{2}|[0-9]{2}\\.[0-9]{2}\\.[0-9]{2}-[0-9]{3}\\.[0-9]{2})\\b")
              .near(Clue.digits(11, 11, " .-"))
              .when(NationalIds::ofEleven)
              .catches(
                  "529.982.247-25",
                  "52998224725",
                  "44051401359",
                  "15087510031",
                  "150875 10031",
                  "85.07.30-033.28",
                  "10000000146")
              .spares("52998224726", "11111111111", "529.982.247-26"),
          personal(
                  "national id",
                  "\\b[12] ?[0-9]{2} ?(?:0[1-9]|1[0-2]) ?[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}\\b")
              .near(Clue.digits(15, 15, " "))
              .when(NationalIds::french)
              .catches("255081416802538", "2 55 08 14 168 025 38")
              .spares("255081416802539"),
          personal("national id", "(?i)\\b[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9X]\\b")
              .near(Clue.digits(17, 18, ""))
              .when(NationalIds::chinese)
              .catches("11010519491231002X")
              .spares("110105194912310021"),
          personal("national id", "\\b[2-9][0-9]{3}[ \\-][0-9]{4}[ \\-][0-9]{4}\\b")
              .near(Clue.digits(12, 12, " -"))
              .when(NationalIds::indian)
              .catches("2341 2341 2346")
              .spares("2341 2341 2345"),
          personal("national id", "\\b756\\.?[0-9]{4}\\.?[0-9]{4}\\.?[0-9]{2}\\b")
              .near(Clue.digits(13, 13, "."))
              .when(NationalIds::swiss)
              .catches("756.1234.5678.97", "7561234567897")
              .spares("756.1234.5678.98"),
          personal("national id", "\\b(?:[0-9]{2})?[0-9]{6}-[0-9]{4}\\b")
              .near(Clue::born)
              .when(NationalIds::nordic)
              .catches("19811218-9876", "811218-9876", "131052-3080")
              .spares("20261122-1015", "999999-1234"),
          personal("national id", "\\b[0-9]{6}[\\-A][0-9]{3}[0-9A-Y]\\b")
              .near(Clue::dated)
              .when(NationalIds::finnish)
              .catches("131052-308T", "131052A308T")
              .spares("131052-308U"),
          personal(
                  "national id", "(?i)\\b[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z]\\b")
              .near(Clue::behindLetters)
              .when(NationalIds::italian)
              .catches("RSSMRA85T10A562S")
              .spares("RSSMRA85T10A562T"),
          personal(
                  "national id",
                  "(?i)\\b(?:ssn|social security number|bsn|tax file number|tfn|nhs number|national id|id number|passport number|passport|personalausweis|steuer-id|matr[i\u00ed]cula)(?:\\s+(?:is|no|nr|number|ist|es))?\\.?\\s*[:=#]?\\s*([A-Z]{0,2}[0-9][0-9 \\-]{5,13}[0-9])\\b",
                  "ssn",
                  "social security number",
                  "bsn",
                  "tax file number",
                  "tfn",
                  "nhs number",
                  "national id",
                  "id number",
                  "passport",
                  "personalausweis",
                  "steuer-id",
                  "matricula",
                  "matr\u00edcula")
              .group(1)
              .catches("my SSN is 295488772", "NHS number: 943 476 5919", "passport no C01234567")
              .spares("the ssn is missing", "passport 2 of 3"),
          personal(
                  "birth date",
                  "(?i)\\b(?:born|birthday|birth date|birthdate|date of birth|dob|geboren|geburtsdatum|geburtstag|naissance|n\u00e9e?|nacimiento|nacid[oa])\\b[^0-9\\n]{0,16}([0-9]{1,4}[./\\-][0-9]{1,2}[./\\-][0-9]{1,4}|[0-9]{1,2}(?:st|nd|rd|th|\\.)?(?: of)? \\pL{3,10},? [0-9]{4})\\b",
                  "born",
                  "birth",
                  "dob",
                  "geboren",
                  "geburtsdatum",
                  "geburtstag",
                  "naissance",
                  "n\u00e9",
                  "nacimiento",
                  "nacid")
              .group(1)
              .catches(
                  "born on 12.03.1981",
                  "date of birth: 1981-03-12",
                  "geboren am 12. Oktober 1981",
                  "dob 3/12/81")
              .spares("a born leader of 12 people", "born in 1981"),
          personal(
                  "person",
                  "\\b(?:(?i:my name is|my full name is|i am called|signed by|signed-off-by:|mein name ist|ich hei(?:ss|\u00df)e|je m'appelle|me llamo|mi nombre es|meu nome \u00e9|mi chiamo|(?:kind |best |warm )?regards,|sincerely,|cheers,\n|mit freundlichen gr\u00fc\u00dfen,?\n|cordialement,?)\\s+|(?:Dear )?(?:Mr|Mrs|Ms|Dr|Prof|Herr|Frau|Monsieur|Madame|Se\u00f1ora?)\\.? )([\\p{Lu}][\\pL'\u2019]+(?:[ -](?:(?:van|von|de|der|den|da|di|la|el|al|bin) )?[\\p{Lu}][\\pL'\u2019]+){0,3})",
                  "name is",
                  "i am called",
                  "signed by",
                  "signed-off-by:",
                  "name ist",
                  "ich hei",
                  "je m'appelle",
                  "me llamo",
                  "nombre es",
                  "nome \u00e9",
                  "mi chiamo",
                  "regards,",
                  "sincerely,",
                  "cheers,",
                  "freundlichen",
                  "cordialement",
                  "mr",
                  "ms",
                  "dr",
                  "prof",
                  "herr",
                  "frau",
                  "monsieur",
                  "madame",
                  "se\u00f1or")
              .near(Clue::beforeName)
              .group(1)
              .catches(
                  "my name is Anton Weber",
                  "Signed-off-by: Clara van Rossi",
                  "Kind regards,\nClara Rossi",
                  "Dear Mr. Hansen",
                  "ich hei\u00dfe Anton")
              .spares(
                  "my name is not in the list", "regards, and thanks", "Dr. who knows", "MR 12"));

  private PersonalData() {}

  private static boolean isIpv6(String text) {
    int colons = 0;
    boolean digit = false;
    for (int i = 0; i < text.length(); i++) {
      colons += text.charAt(i) == ':' ? 1 : 0;
      digit |= Character.isDigit(text.charAt(i));
    }
    boolean compressed = text.contains("::");
    return digit && (compressed ? colons >= 2 && text.length() >= 6 : colons == 7 || colons == 5);
  }

  /// Each of these signs with a hexadecimal digit behind it, or with one of some more: alone a sign
  /// stands everywhere.
  private static String[] behindEach(String signs, String more) {
    return signs
        .chars()
        .boxed()
        .flatMap(sign ->
            ("0123456789abcdef" + more).chars().mapToObj(c -> "" + (char) (int) sign + (char) c))
        .toArray(String[]::new);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity.saml;

/// What must hold of a response, each by itself. A response is taken if all of them hold.
enum Guard {
  NO_DOCTYPE("is no plain document: it declares a type"),
  NOTHING_ENCRYPTED("is encrypted; let your provider sign it and not encrypt it"),
  ONE_ASSERTION("does not have exactly one assertion in its place"),
  IDS_ARE_ONE_ELEMENTS("gives one id to two elements"),
  SIGNATURE_IN_ITS_PLACE("has a signature where none belongs, or none"),
  ALGORITHMS("is signed with an algorithm that is not taken here"),
  REFERENCE("has a signature of something else than what it stands in"),
  SIGNED("is not signed with a key of the provider"),
  SIGNED_BYTES("says other things than were signed"),
  ISSUER("is of another issuer"),
  STATUS("says that the sign-in failed"),
  DESTINATION("was sent to another place"),
  RECIPIENT("is for another recipient"),
  IN_RESPONSE("answers another request, or none"),
  AUDIENCE("is for another audience"),
  TIME("is not good now"),
  SUBJECT("names nobody who could be known again");

  private final String fault;

  Guard(String fault) {
    this.fault = fault;
  }

  String fault() {
    return "The provider's response " + fault + ".";
  }
}

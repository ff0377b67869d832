// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import picocli.CommandLine.IVersionProvider;

/// The version of this client, as its launcher names it, or from its jar: to look there takes a
/// quarter of the time of a start.
final class Version implements IVersionProvider {

  static String current() {
    String named = System.getProperty("jpackage.app-version");
    String version = named == null ? Capture.class.getPackage().getImplementationVersion() : named;
    return version == null ? "0.1.0-dev" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"capture " + current()};
  }
}

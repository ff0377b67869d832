// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import picocli.CommandLine.IVersionProvider;

/// The version of this client, from its jar.
final class Version implements IVersionProvider {

  static String current() {
    String version = Capture.class.getPackage().getImplementationVersion();
    return version == null ? "0.1.0-dev" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"capture " + current()};
  }
}

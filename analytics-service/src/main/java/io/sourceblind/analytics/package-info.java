// SPDX-License-Identifier: Apache-2.0
/// Turns people's weeks into released team numbers, and serves the pages. Pages and jobs work under
/// two logins of the database: a page's thread never holds a connection that could read what is not
/// its viewer's.
@NullMarked
package io.sourceblind.analytics;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/// The pages on which an owner runs the organization: its members, teams, invitations and what all
/// have agreed on. Each change is an audit entry in the transaction that makes it. No number of
/// anybody's work is on these pages.
@NullMarked
package io.sourceblind.analytics.admin;

import org.jspecify.annotations.NullMarked;

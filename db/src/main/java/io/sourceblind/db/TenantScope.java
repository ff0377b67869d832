// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.db;

/// The tenant of the running work, bound once at the edge: a request or a job.
public final class TenantScope {
  private static final ScopedValue<Tenant> TENANT = ScopedValue.newInstance();

  private TenantScope() {}

  /// Does the work for the tenant, and gives back what it gives.
  public static <T, X extends Throwable> T callAs(
      Tenant tenant, ScopedValue.CallableOp<? extends T, X> work) throws X {
    return ScopedValue.where(TENANT, tenant).call(work);
  }

  /// Does the work for the tenant.
  public static void runAs(Tenant tenant, Runnable work) {
    ScopedValue.where(TENANT, tenant).run(work);
  }

  static Tenant current() {
    return TENANT.orElseThrow(
        () -> new IllegalStateException("No tenant is bound: wrap the work in TenantScope.callAs"));
  }
}

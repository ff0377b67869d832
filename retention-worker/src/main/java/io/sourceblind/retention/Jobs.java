// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import static java.time.ZoneOffset.UTC;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.Daily;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.sourceblind.db.TenantDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

/// What the worker does and when: it sweeps when it starts and every night, and does deletions as
/// they are confirmed. Of several workers one at a time does a job; the table of jobs holds ids
/// only.
final class Jobs implements AutoCloseable {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
  private static final Duration TIDY_EVERY = Duration.ofHours(1);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(10);

  private final Replay replay;
  private final Sweep sweep;
  private final Deletion deletion;
  private final boolean once;
  private final TenantDatabase database;
  private final Clock clock;
  private final OneTimeTask<Void> delete;
  private final Scheduler scheduler;

  /// Jobs carry no data, so nothing is ever read back into an object.
  private static final class NoData implements Serializer {
    @Override
    public byte @Nullable [] serialize(@Nullable Object data) {
      if (data != null) {
        throw new IllegalArgumentException("A job is given ids and no data");
      }
      return null;
    }

    @Override
    public <T> @Nullable T deserialize(Class<T> type, byte @Nullable [] data) {
      return null;
    }
  }

  /// @param connections for the scheduler, in the role `retention`; of nobody else
  Jobs(
      DataSource connections,
      TenantDatabase database,
      Replay replay,
      Sweep sweep,
      Deletion deletion,
      RetentionSettings settings,
      Clock clock) {
    this.replay = replay;
    this.once = settings.once();
    this.sweep = sweep;
    this.deletion = deletion;
    this.database = database;
    this.clock = clock;
    delete =
        Tasks.oneTime("delete")
            .onFailure(new FailureHandler.ExponentialBackoffFailureHandler<>(FIRST_RETRY))
            .onDeadExecutionRevive()
            .execute((job, _) -> deletion.run(Envelope.parse(job.getId())));
    scheduler =
        Scheduler.create(connections, delete)
            .startTasks(
                Tasks.recurring("find-deletions", FixedDelay.of(LOOK_EVERY))
                    .execute((_, context) -> find(context)),
                Tasks.recurring("tidy", FixedDelay.of(TIDY_EVERY)).execute((_, _) -> tidy()),
                Tasks.recurring("sweep", new Daily(UTC, LocalTime.of(0, 15)))
                    .execute((_, _) -> sweep.runOnce()))
            .tableName("jobs.scheduled_task")
            .schedulerName(new SchedulerName.Fixed("retention-" + UUID.randomUUID()))
            .serializer(new NoData())
            .threads(2)
            .pollingInterval(LOOK_EVERY)
            // What went wrong is logged by its kind: a message of the database may name a row.
            .failureLogging(LogLevel.ERROR, false)
            .build();
  }

  /// The run at the start makes up for nights in which nobody ran.
  @EventListener(ApplicationReadyEvent.class)
  void start() {
    replay.run();
    var swept = sweep.runOnce();
    if (!once) {
      scheduler.start();
      return;
    }
    deletion.waiting().forEach(deletion::run);
    if (swept.failures() > 0 || sweep.daysLate() > 0) {
      throw new IllegalStateException(
          "Something past its window is still there; the services must not open yet");
    }
  }

  private void find(ExecutionContext context) {
    for (var envelope : deletion.waiting()) {
      context
          .getSchedulerClient()
          .scheduleIfNotExists(delete.instance(envelope.toString()), clock.instant());
    }
  }

  /// An envelope lives a day, one that failed seven. If its deletion still waits, it gets a new
  /// one.
  int tidy() {
    return database.withoutTenant(jdbc ->
        jdbc.sql(
                """
                delete from jobs.scheduled_task
                 where task_instance <> 'recurring' and not picked
                   and added_at < :now - case when consecutive_failures > 0
                                              then interval '7 days' else interval '1 day' end
                """)
            .param("now", clock.instant().atOffset(UTC))
            .update());
  }

  @Override
  public void close() {
    scheduler.stop();
  }
}

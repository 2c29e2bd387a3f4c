package dev.indelible.server.schedule;

import dev.indelible.server.access.Authentication;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.deliver.Deliveries;
import dev.indelible.server.export.ExportJobs;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.search.Search;
import dev.indelible.server.share.ReadPool;
import java.util.function.LongSupplier;

/**
 * Parts of the program that runs of schedules need.
 *
 * @param control where schedules are, and are paused
 * @param log the entries
 * @param search finds whether there are any
 * @param oldestUnindexedMillis when the oldest entry was recorded that is still to be indexed
 * @param reads the threads that search, in turns
 * @param authentication what makers may now
 * @param jobs the exports
 * @param deliveries ways to destinations
 */
public record RunParts(
    ControlLog control,
    EventLog log,
    Search search,
    LongSupplier oldestUnindexedMillis,
    ReadPool reads,
    Authentication authentication,
    ExportJobs jobs,
    Deliveries deliveries) {}

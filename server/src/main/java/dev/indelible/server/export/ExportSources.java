package dev.indelible.server.export;

import dev.indelible.server.control.Configuration;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.profile.TenantProfiles;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.search.EntryReader;
import dev.indelible.server.search.Search;
import dev.indelible.server.share.ReadPool;
import dev.indelible.server.takeout.EntryWriter;
import dev.indelible.server.trail.AccessTrail;
import java.time.InstantSource;

/**
 * Parts of the program that exports are made of.
 *
 * @param log the entries
 * @param reader turns stored parts into entries
 * @param search parses queries, and counts
 * @param logs checkpoints and proofs
 * @param entries how entries are shown, and what holds keep them
 * @param profiles formats and reasons of tenants
 * @param configuration tenants
 * @param rights what makers may now
 * @param trail records what leaves
 * @param reads the threads that read, in turns
 * @param clock the time
 */
public record ExportSources(
    EventLog log,
    EntryReader reader,
    Search search,
    TenantLogs logs,
    EntryWriter entries,
    TenantProfiles profiles,
    Configuration configuration,
    ExportRights rights,
    AccessTrail trail,
    ReadPool reads,
    InstantSource clock) {}

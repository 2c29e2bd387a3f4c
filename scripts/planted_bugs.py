"""The bugs that planted-bugs plants: mistakes that somebody could make, in every package and in the pages.

The test is a class of any module; or Class#method where the class takes long, and all of the class when
there is no such method any more; or a file of web/test. The changed file alone is compiled again: what
javac copies into other classes, a constant, cannot be planted.
"""
from dataclasses import dataclass

S = "server/src/main/java/dev/indelible/server/"
V = "verify/src/main/java/dev/indelible/verify/"
C = "cli/src/main/java/dev/indelible/cli/"
W = "web/src/"


@dataclass(frozen=True)
class Bug:
    """One bug: what is there in a file (once), and what is put there."""

    name: str
    file: str
    there: str
    planted: str
    test: str


BUGS = [
    # the server
    Bug("what is due by a doubted clock is purged", S + "retention/Purges.java",
        "    return parts.clockIsTrusted().getAsBoolean() ? deletions : List.of();",
        "    return deletions;", "WrongClockTest"),
    Bug("an entry of a wrong clock vouches for it", S + "ClockReckoning.java",
        "newest.isAfter(seen) && !newest.isAfter(seen.plus(LIMIT)) ? newest : seen", "newest.isAfter(seen) ? newest : seen",
        "ClockReckoningTest"),
    Bug("another server's control log is taken", S + "ingest/ControlMirror.java",
        "if (known != null && !known.equals(found.get())) {", "if (known != null && !known.equals(known)) {",
        "ForeignControlLogTest"),
    Bug("an entry of another control log is believed", S + "audit/ControlEvidence.java",
        "return chain.isEmpty() || chain.equals(made.chain().toString());", "return true;", "TamperedDirectoryTest"),
    Bug("a segment that is gone is not missed", S + "journal/SegmentPresence.java",
        "        if (!segment.forgotten) {", "        if (segment.forgotten) {", "SegmentPresenceTest"),
    Bug("a link is made of what the client says", S + "http/Exchange.java",
        "    if (!LoopbackHost.isOf(authority)) {", "    if (authority.isEmpty()) {", "PublicAddressTest"),
    Bug("a connection of HTTP/2 lives on pings", S + "http/Sweeper.java",
        "    } else if (nowNanos - seen.sinceNanos() > timeouts.idle().toNanos()) {",
        "    } else if (nowNanos < seen.sinceNanos()) {", "Http2HostileClientsTest"),
    Bug("a disk that was full once stays full", S + "DiskRoom.java",
        "      low = usable < reserveBytes;", "      low |= usable < reserveBytes;", "DiskRoomTest"),
    Bug("a server that stops on a full disk waits for room", S + "log/LogState.java",
        "    ending = true;", "    ending = false;",
        "FailingDiskTest#aServerStopsOnAFullDiskThoughTheEntryOfAChangeWaitsForRoom"),
    Bug("a key works from every network but its own", S + "access/KeyRing.java",
        ".anyMatch(network -> network.contains(host.get()))", ".noneMatch(network -> network.contains(host.get()))",
        "KeyRingTest"),
    Bug("a key that was replaced stays valid", S + "access/KeyRing.java",
        "return key.isActive(clock.instant()) && isWithin(address, key.networks());",
        "return isWithin(address, key.networks());", "KeyRingTest"),
    Bug("who has a permission for one account gives it for all", S + "access/Grant.java",
        "|| accounts.filter(wanted -> held.get().containsAll(wanted)).isPresent());",
        "|| accounts.stream().allMatch(wanted -> held.get().containsAll(wanted)));", "GrantTest"),
    Bug("a scrubber that was told to stop reads on", S + "audit/Throttle.java",
        "    if (stopped) {\n"
        "      // Also",
        "    if (stopped && bytes < 0) {\n"
        "      // Also", "ThrottleTest"),
    Bug("a directory is believed whatever key it shows", S + "audit/DataDirectoryAudit.java",
        "named.stream().noneMatch(given::contains)", "named.stream().noneMatch(named::contains)",
        "TamperedDirectoryTest"),
    Bug("the directory of a new blob is not made durable", S + "blob/DirectoryBlobStore.java",
        "      forceDirectory(parent(target));\n"
        "      return true;",
        "      return true;", "DirectoryBlobStoreTest"),
    Bug("a change of an old version is applied", S + "control/ControlLog.java",
        "if (current != change.replaces()) {", "if (current < change.replaces()) {", "ControlLogTest"),
    Bug("an interrupt keeps a directory from being made durable", S + "disk/SystemDisk.java",
        "Thread.startVirtualThread(", "((java.util.concurrent.Executor) Runnable::run).execute(", "SystemDiskTest"),
    Bug("a cell of CSV may be a formula", S + "event/EntryCsv.java",
        '"=+-@\\t\\r', '"=+-\\t\\r', "EntryExportTest"),
    Bug("a personal detail below a list is a fact", S + "event/DetailSplit.java",
        "      any |= halves != null;\n", "", "PersonalPartTest"),
    Bug("the keys of a tenant are listed for whoever may read", S + "http/KeyRoutes.java",
        "  private void list(Exchange exchange) throws IOException {\n"
        "    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.KEYS_MANAGE);",
        "  private void list(Exchange exchange) throws IOException {\n"
        "    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.AUDIT_VIEW);",
        "PermissionMatrixTest"),
    Bug("a page of another site acts with a cookie", S + "http/SameOrigin.java",
        "!fine || origin.filter(value -> !isHost(exchange, value)).isPresent()",
        "origin.filter(value -> !isHost(exchange, value)).isPresent()", "SessionTest"),
    Bug("the next page begins with the last entry of the one before", S + "index/PageMerge.java",
        "span.firstAtMost(beyond - 1)", "span.firstAtMost(beyond)", "LuceneIndexTest"),
    Bug("an event of long ago is not marked late", S + "ingest/Ingest.java",
        "occurredAt.isBefore(now.minus(LATE_AFTER))", "occurredAt.isBefore(Instant.EPOCH.plus(LATE_AFTER))",
        "IngestTest"),
    Bug("a repeated event is told to be new", S + "ingest/Ingest.java",
        "new ItemResult.Accepted(entry.id(), entry.tenant(), seq, at, true);",
        "new ItemResult.Accepted(entry.id(), entry.tenant(), seq, at, false);",
        "IngestTest"),
    Bug("the journal skips fsync", S + "journal/Committer.java",
        "    target.force();\n", "", "JournalPowerLossTest"),
    Bug("the journal acknowledges before fsync", S + "journal/Committer.java",
        "    target.force();\n"
        "    long nanos = System.nanoTime() - start;",
        "    complete(List.copyOf(written));\n"
        "    written.clear();\n"
        "    target.force();\n"
        "    long nanos = System.nanoTime() - start;", "JournalPowerLossTest"),
    Bug("a sequence number is used again", S + "log/Sequencer.java",
        "tenant, slice.nextSeq(), entry.id()",
        "tenant, Math.max(slice.firstSeq, slice.nextSeq() - (slice.nextSeq() % 7 == 3 ? 1 : 0)), entry.id()",
        "EventLogTest"),
    Bug("the index is believed when it does not know an id", S + "log/DuplicateCheck.java",
        "if (answer.found != null) {", "if (answer.found != null || answer.wrong == null) {", "EventLogTest"),
    Bug("an id is free again before its entry is purged", S + "log/ReleasedIds.java",
        "if (entry.getValue().active()\n"
        "          && ",
        "if (", "ReleasedIdsTest"),
    Bug("a document that is full does not say so", S + "print/PrintedDocument.java",
        '        show(page(), "There is more than fits here.", MARGIN, MARGIN * 0.8f, SMALL_SIZE);\n', "",
        "PrintedDocumentTest"),
    Bug("the shortest pattern of an action wins", S + "profile/Classifier.java",
        "rule.prefix.length()).reversed());", "rule.prefix.length()));", "LongestPatternTest"),
    Bug("an action that needs a reason is recorded without one", S + "profile/Classifier.java",
        "reason == null || reason.isBlank() ? found.withoutReason", "reason == null ? found.withoutReason",
        "ClassifierTest"),
    Bug("a head is shown before it is durable", S + "proof/Heads.java",
        "      appendBatch(batch);\n"
        "      batch.forEach(this::fold);",
        "      batch.forEach(this::fold);\n"
        "      appendBatch(batch);", "HeadsTest"),
    Bug("a head of the same size may have another root", S + "proof/Heads.java",
        "(head.size() <= known.size()) && !head.equals(known)", "head.size() < known.size()", "HeadsTest"),
    Bug("a log is not compared with what was signed", S + "proof/LogComparison.java",
        "return size >= signed.size()\n"
        "        ||",
        "return size >= 0\n"
        "        ||", "TenantLogsTest#aLogThatWasRolledBackStopsAloneAndNothingOfItIsSigned"),
    Bug("a log that has grown a little is compared with itself alone", S + "proof/LogComparison.java",
        "if (!before.equals(signed.root())) {", "if (signed.size() < 0) {", "LogComparisonTest"),
    Bug("a quiet log is not compared at the start", S + "proof/TenantLogs.java",
        "if (comparison.holds(tenant, head) && log.size", "if (log.size",
        "TenantLogsTest#aLogWithAnotherRootThanWasSignedStopsAtTheStartHoweverQuietItIs"),
    Bug("a partial tile is one hash short", S + "proof/LogTiles.java",
        "long to = from + tile.width();", "long to = from + tile.width() - (tile.isPartial() ? 1 : 0);",
        "TenantLogsTest#everyTileBundleAndProofVerifiesAtSizesAroundTheWidthOfATile"),
    Bug("a witness that cosigned twice counts twice", S + "proof/WitnessQuorum.java",
        "return needed > 0 && signers.size() >= needed;", "return needed > 0 && lines.size() >= needed;",
        "WitnessQuorumTest"),
    Bug("a network is one bit wider than it says", S + "query/IpNetwork.java",
        "-1L << (Long.SIZE - bits);", "-1L << (Long.SIZE - bits + 1);", "IpNetworkTest"),
    Bug("a negation is dropped where entries are looked at one by one", S + "query/FilterEvaluator.java",
        "compile(inner).negate();", "compile(inner);", "FilterEvaluatorTest"),
    Bug("a query in words loses its negation when it is written", S + "query/QueryWriter.java",
        'case Filter.Not(Filter inner) -> "-" + part', "case Filter.Not(Filter inner) -> part", "QueryParserTest"),
    Bug("an unfinished deletion is forgotten", S + "retention/Deletions.java",
        "      if (left.isEmpty()) {\n"
        "        return false;",
        "      if (!left.isEmpty()) {\n"
        "        return false;", "DeletionCrashTest"),
    Bug("a purge takes what a hold keeps", S + "retention/Selector.java",
        "      if (isHeld(stored, facts)) {", "      if (isHeld(stored, facts) && keptByHolds > 0) {", "SelectorTest"),
    Bug("whoever asks for an erasure approves it", S + "retention/Erasures.java",
        "        || !byAsker\n", "        || byAsker\n", "ErasureOversightTest"),
    Bug("a ticket's number is somebody's", S + "retention/PersonRules.java",
        ": noPersons.contains(target.type());", ": noPersons.isEmpty();", "ErasureOversightTest"),
    Bug("who acted goes with whom it was done to", S + "retention/SubjectSearch.java",
        "          acted.add(entry, identifiers);\n", "", "HashedTargetsTest"),
    Bug("a tenant's admin leaves out what is security-relevant", S + "http/RecordingFloor.java",
        "more.removeAll(now);", "more.clear();", "RecordingFloorTest"),
    Bug("the shortest of several requirements wins", S + "retention/RetentionTerms.java",
        ".max(RetentionPeriod::compareTo)", ".min(RetentionPeriod::compareTo)", "RetentionTermsTest"),
    Bug("an erased entry is still found by its id", S + "run/RunRewriter.java",
        "ids.of(slice.tenant(), entry).ifPresent(gone::add);", "ids.of(slice.tenant(), entry);", "RunRewriterTest"),
    Bug("merged runs lose the time of the last entry", S + "run/RunMerger.java",
        "writer.extendTimes(slice.firstRecordedAtMillis(), slice.lastRecordedAtMillis());",
        "writer.extendTimes(slice.firstRecordedAtMillis(), slice.firstRecordedAtMillis());", "RunMergerTest"),
    Bug("a cursor skips an entry", S + "search/Search.java",
        "Cursor.after(wanted[limit - 1],", "Cursor.after(seqs[limit],", "SearchPagesTest"),
    Bug("a tail shows what a fixed filter hides", S + "search/Tail.java",
        "new FilterEvaluator(scope.restrict(filter));", "new FilterEvaluator(filter);", "SearchPagesTest"),
    Bug("facets count what a fixed filter hides", S + "search/Search.java",
        "    Filter filter = filter(scope, question, clock.instant());\n"
        "    try (CompiledQuery compiled = compile(scope, filter)) {\n"
        "      List<Facet> facets",
        "    TenantScope all =\n"
        "        new TenantScope(scope.tenant(), scope.accounts(), scope.permissions(), Filter.all());\n"
        "    Filter filter = filter(all, question, clock.instant());\n"
        "    try (CompiledQuery compiled = compile(all, filter)) {\n"
        "      List<Facet> facets", "SearchPagesTest"),
    Bug("the index commits further than the log is sealed", S + "search/IndexFold.java",
        "      if (next.through().equals(commitWanted)) {\n"
        "        break;",
        "      if (next.through().equals(commitWanted) && bytes < 0) {\n"
        "        break;", "IndexFoldTest"),
    Bug("what an auditor looks at is not recorded", S + "trail/AccessTrail.java",
        "look.kind().isView() && !always && !recordsViews(tenant)", "look.kind().isView() && !recordsViews(tenant)",
        "AccessTrailTest"),
    Bug("what the operator reads is recorded where the tenant wants it", S + "trail/AccessTrail.java",
        "guest || (operatorToo", "guest || (!operatorToo", "OperatorReadsTest"),
    Bug("a look is recorded once and never again", S + "trail/AccessTrail.java",
        "now.isBefore(last.plus(window))", "now.isAfter(last.minus(window))", "AccessTrailTest"),
    Bug("a cosignature is believed unchecked", S + "witness/WitnessClient.java",
        "instanceof SignedNote.Signers.Known) {", "!= null) {", "WitnessClientTest"),

    # verify
    Bug("a partial tile is one hash wide too many", V + "Tile.java",
        "return (int) (hashes % FULL_WIDTH);", "return (int) (hashes % FULL_WIDTH) + 1;", "TileTest"),
    Bug("a purge needs no record", V + "audit/EntryAudit.java",
        "case PURGED -> remember(purged, seq);", "case PURGED -> {}", "ExportVerifierTest"),
    Bug("a certificate's seal is believed unchecked", V + "audit/CertificateVerifier.java",
        "if (!note.text().equals(", "if (note.text().isEmpty() && !note.text().equals(", "CertificateVerifierTest"),

    # the program
    Bug("a checkpoint is kept whether the log grew from it or not", C + "audit/ServerLog.java",
        "      findings.accept(new Finding.ForkedHistory(held.size(), 0));\n", "", "SaveCheckpointTest"),
    Bug("a story tells what is still to come", C + "demo/Stage.java",
        "drafts.stream().filter(draft -> draft.at().isBefore(end)).toList();", "List.copyOf(drafts);", "StoryTest"),
    Bug("a time below a millisecond is lost by a map", C + "map/TimeReader.java",
        "exact && written != null && !fine", "exact && written != null", "FinerTimesTest"),
    Bug("the second half of a refused batch is not sent", C + "send/Sender.java",
        "      post(batch.subList(batch.size() / 2, batch.size()));\n", "", "SendTest"),
    Bug("a long number of a source is rounded", C + "source/ExactReader.java",
        "numberNode(parser.getDecimalValue())", "numberNode(parser.getDoubleValue())", "JsonSourceTest"),
    Bug("a witness forgets what it cosigned", C + "witness/Witness.java",
        "    state.remember(new SignedCheckpoint(next, own));\n", "", "WitnessServiceTest"),
    Bug("a witness does not check the proof", C + "witness/Witness.java",
        "if (request.checkGrowth(root) instanceof Verdict.Fails fails) {",
        "if (request.checkGrowth(root) instanceof Verdict.Fails fails && size < 0) {", "WitnessServiceTest"),

    # pages
    Bug("a German text is missing", W + "console/de.json",
        '  "access.end": "Beenden",\n', "", "viewer.test.ts"),
    Bug("a shorter period wins", W + "console/period.ts",
        "periodDays(period) > periodDays(found)", "periodDays(period) < periodDays(found)", "console.test.ts"),
    Bug("each hold is said to keep what all of them keep", W + "console/retention-preview.ts",
        "<span>${words.n(hold.entries)}</span>", "<span>${words.n(preview.kept_by_holds)}</span>",
        "RetentionPagesTest#thePreviewSaysWhatGoesOnADayAndWhichHoldsKeepWhat"),
    Bug("a consistency proof is believed by its new root alone", W + "proof/tree.ts",
        "return equal(x, a) && equal(y, b);", "return equal(y, b);", "proof.test.ts"),
    Bug("a chip loses its negation when a value is taken out", W + "query/chips.ts",
        "return and(rest, `-${field}:${quote(value)}`);", "return and(rest, `${field}:${quote(value)}`);",
        "query.test.ts"),
    Bug("a sentence names the first of several targets alone", W + "viewer/sentence.ts",
        "return entry.targets?.length ? listed(entry.targets) : null;",
        "return entry.targets?.length ? listed(entry.targets.slice(0, 1)) : null;", "sentence.test.ts"),
    Bug("a number is rounded", W + "shared/exact.ts",
        "return String(number) === text ? number : new Digits(text);", "return number;", "recorded.test.ts"),
    Bug("a name turns the text around it", W + "shared/html.ts",
        "    const text = visible(value);", "    const text = value;", "recorded.test.ts"),
    Bug("a sentence speaks of the first change", W + "viewer/sentence.ts",
        "filter(({ field }) => fieldName(field) === which);", "slice(0, 1);", "sentence.test.ts"),
    Bug("a verb is asked for in its exact case alone", S + "query/QueryParser.java",
        "literal.prefix() ? value.startsWith(folded) : value.equals(folded));",
        "literal.prefix() ? value.startsWith(folded) : value.equals(literal.text()));", "QueryParserTest"),
    Bug("the word of a name is looked for at its beginning alone", S + "query/NameWords.java",
        "begins = at == 0 || !Character", "begins = at == 0 && !Character", "NameWordsTest"),
    Bug("the shortest pattern of a sentence wins", W + "viewer/sentence.ts",
        "b.action.length - a.action.length", "a.action.length - b.action.length", "sentence.test.ts"),
    Bug("the button that excludes a value chooses it", W + "viewer/view-facets.ts",
        "chips.drop(q, field, value) : chips.exclude(q, field, value))}>${icon",
        "chips.drop(q, field, value) : chips.only(q, field, value))}>${icon",
        "ViewerTest#aFacetsValueIsExcludedAndTakenBack"),
    Bug("a view for everybody is saved for its maker alone", W + "viewer/saved.ts",
        "toSaved(this.model.view, name, shared)", "toSaved(this.model.view, name, shared && !name)",
        "SavedViewsTest#aViewForEverybodyIsAnEntryOfTheLog"),
    Bug("facts that were altered are not shown to fail", W + "viewer/view-proof.ts",
        "data-proof=${state} ?open", "data-proof=${state === 'failed' ? 'partly' : state} ?open",
        "ProofTest#alteredFactsFail"),
    Bug("the end of a chain is not personal", S + "event/EntryCodec.java",
        "      personalOnBehalfOf(party.onBehalfOf(), privacy, personal);\n", "", "AgentActorTest"),
    Bug("two sources of CloudEvents share their ids", S + "event/CloudEventIds.java",
        "HEX.formatHex(sha256(source), 0, SOURCE_BYTES)", "HEX.formatHex(sha256(\"\"), 0, SOURCE_BYTES)",
        "CloudEventIdentityTest"),
    Bug("somebody unknown is the system", S + "event/CloudEventDecoder.java",
        "} else if (type == null || type.equals(ACTOR_OF_THE_SYSTEM)) {", "} else if (type == null || !type.isEmpty()) {",
        "CloudEventIdentityTest"),
    Bug("an event's tenant gives way to the command line", C + "send/Preparation.java",
        "return tenant == null || !named.isString()", "return tenant != null || !named.isString()", "SendTruthTest"),
    Bug("a time that cannot be read is left out", C + "map/Mapper.java",
        "return timeUnreadable ? Optional.empty() : Optional.of(problem);", "return Optional.empty();",
        "OccurredAtTest"),
    Bug("a gzip file ends with its first member", C + "source/GzipMembers.java",
        "    inMember = false;\n", "    inMember = false;\n    ended = true;\n", "JoinedTextsTest"),
    Bug("half a surrogate is replaced", C + "source/ExactReader.java",
        "if (!FieldForms.isSound(text)) {", "if (text.isEmpty() && !FieldForms.isSound(text)) {", "ExactTextTest"),
    Bug("secrets of imports are kept", S + "ingest/Ingest.java",
        "? secrets.keys().marked(event)", "? event", "ImportedEventsTest"),
    Bug("ids that are names stay in the facts", S + "event/PersonalIds.java",
        "which == Which.ALL || isName(id, name) || isName(id, email)", "false", "PersonalPartTest"),
]

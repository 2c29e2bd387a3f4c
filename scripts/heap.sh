# Memory of a server's JVM: its largest heap, and options of the collector that go with it.
# Sourced by ./indelible; works in the shells that it works in, and needs nothing else.

# Mebibytes of a size as -Xmx takes it: 512m, 2g, 1048576k, bytes; 0 when it is no size.
heap_mebibytes() {
  case $1 in
    '' | *[!0-9kKmMgGtT]* | *[a-zA-Z]?*) echo 0; return ;;
  esac
  local number=${1%[kKmMgGtT]}
  if [ -z "$number" ]; then echo 0; return; fi
  case $1 in
    *[kK]) echo $((number / 1024)) ;;
    *[mM]) echo "$number" ;;
    *[gG]) echo $((number * 1024)) ;;
    *[tT]) echo $((number * 1024 * 1024)) ;;
    *) echo $((number / 1024 / 1024)) ;;
  esac
}

# Mebibytes of memory that this process may use: the machine's, or its container's when that is
# less; 0 when nobody says.
memory_mebibytes() {
  local mebibytes=0 limit name kibibytes
  if [ -r /proc/meminfo ]; then
    while read -r name kibibytes _; do
      if [ "$name" = MemTotal: ]; then mebibytes=$((kibibytes / 1024)); fi
    done </proc/meminfo
  elif command -v sysctl >/dev/null 2>&1; then
    mebibytes=$(($(sysctl -n hw.memsize 2>/dev/null || echo 0) / 1024 / 1024))
  fi
  for limit in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
    if [ -r "$limit" ] && read -r limit <"$limit"; then
      limit=$(heap_mebibytes "$limit")
      if [ "$limit" -gt 0 ] && [ "$limit" -lt "$mebibytes" ]; then mebibytes=$limit; fi
    fi
  done
  echo "$mebibytes"
}

# Options for the heap of a server that is started with the given options of the JVM.
#
# 1 GB unless told otherwise: it takes any load as fast as more would, and G1 takes what it may
# (measured by bench). Where a quarter of the memory is less, the JVM's default stays.
# From 1 GB on regions of 8 MB (the JVM's own are larger beyond 16 GB), so that Lucene's arrays and batches of the journal are no humongous
# objects, each of which begins a marking cycle; and marking begins later, since what lives long is
# a small part of the heap.
heap_options() {
  local option largest= mebibytes
  local later=-XX:InitiatingHeapOccupancyPercent=65 regions=-XX:G1HeapRegionSize=8m
  for option in "$@"; do
    case $option in
      -Xmx*) largest=${option#-Xmx} ;;
      -XX:MaxHeapSize=*) largest=${option#*=} ;;
      -XX:MaxRAMPercentage=* | -XX:+UseSerialGC | -XX:+UseParallelGC | -XX:+UseZGC | \
        -XX:+UseShenandoahGC | -XX:+UseEpsilonGC | -XX:G1HeapRegionSize=*) echo; return ;;
    esac
  done
  if [ -z "$largest" ]; then
    if [ "$(memory_mebibytes)" -lt 4096 ]; then echo; else echo "-Xmx1g $regions $later"; fi
    return
  fi
  mebibytes=$(heap_mebibytes "$largest")
  if [ "$mebibytes" -lt 1024 ]; then
    echo
  elif [ "$mebibytes" -le 16384 ]; then
    echo "$regions $later"
  else
    echo "$later"
  fi
}

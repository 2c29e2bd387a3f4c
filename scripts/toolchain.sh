# Finds the JDK and Maven that Indelible is built and run with. Sourced by ./indelible and ./check;
# works in bash 3.2 and later. Nothing here starts a JVM: a JDK's `release` file says what it is.

required_jdk=25

# Follows symbolic links to the file itself; prints its path.
resolve_links() {
  local path=$1 target
  while [ -L "$path" ]; do
    target=$(readlink "$path")
    case $target in
      /*) path=$target ;;
      *) path=$(dirname "$path")/$target ;;
    esac
  done
  printf '%s\n' "$path"
}

# Sets jdk_version to the feature version of the JDK at $1, or to 0 when there is none.
read_jdk_version() {
  local line
  jdk_version=0
  [ -x "$1/bin/javac" ] && [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      JAVA_VERSION=*)
        line=${line#JAVA_VERSION=}
        line=${line#\"}
        line=${line%%[!0-9]*}
        jdk_version=${line:-0}
        return 0
        ;;
    esac
  done <"$1/release"
}

# Sets java_home to a JDK of the required version or later, or returns 1. JAVA_HOME and the `java` on
# PATH come first; among installed ones the required version itself is preferred to a later one.
find_jdk() {
  local candidate found later=
  if [ -n "${JAVA_HOME:-}" ]; then
    read_jdk_version "$JAVA_HOME"
    if [ "$jdk_version" -ge "$required_jdk" ]; then java_home=$JAVA_HOME; return 0; fi
  fi
  if found=$(command -v java 2>/dev/null); then
    candidate=$(dirname "$(dirname "$(resolve_links "$found")")")
    read_jdk_version "$candidate"
    if [ "$jdk_version" -ge "$required_jdk" ]; then java_home=$candidate; return 0; fi
  fi
  # INDELIBLE_JDK_FOLDERS replaces the usual places: folders that hold JDKs, separated by colons.
  if [ -n "${INDELIBLE_JDK_FOLDERS+set}" ]; then
    local folders=$INDELIBLE_JDK_FOLDERS
  else
    local folders="/usr/lib/jvm:${SDKMAN_DIR:-$HOME/.sdkman}/candidates/java:/opt:/usr/local:/usr/java:$HOME/.jdks:/Library/Java/JavaVirtualMachines:/opt/homebrew/opt"
  fi
  local folder old_ifs=$IFS
  IFS=:
  # shellcheck disable=SC2086
  set -- $folders
  IFS=$old_ifs
  for folder in "$@"; do
    for candidate in "$folder"/*; do
      [ -d "$candidate" ] || continue
      [ -d "$candidate/Contents/Home" ] && candidate=$candidate/Contents/Home
      read_jdk_version "$candidate"
      if [ "$jdk_version" -eq "$required_jdk" ]; then java_home=$candidate; return 0; fi
      if [ "$jdk_version" -gt "$required_jdk" ]; then later=$candidate; fi
    done
  done
  if [ -z "$later" ] && [ -z "${INDELIBLE_JDK_FOLDERS+set}" ] && [ -x /usr/libexec/java_home ]; then
    later=$(/usr/libexec/java_home -v "$required_jdk+" 2>/dev/null) || later=
  fi
  [ -n "$later" ] && java_home=$later
}

# Says what to install when there is no JDK.
explain_missing_jdk() {
  cat >&2 <<TEXT
Indelible needs a JDK $required_jdk or later, and none was found (JAVA_HOME, PATH and the usual folders were searched).
Install one, then run the same command again; nothing else has to be set:

  Debian, Ubuntu   sudo apt-get install openjdk-$required_jdk-jdk-headless
                   (where that package does not exist: Temurin, https://adoptium.net/installation/linux,
                   then sudo apt-get install temurin-$required_jdk-jdk)
  Fedora           sudo dnf install java-$required_jdk-openjdk-devel
  macOS            brew install openjdk@$required_jdk
  anywhere         curl -s https://get.sdkman.io | bash, then: sdk install java $required_jdk-tem

A JDK in an unusual place is found through JAVA_HOME.
TEXT
}

# Sets maven to the mvn to use, or returns 1.
find_maven() {
  local candidate
  if maven=$(command -v mvn 2>/dev/null); then return 0; fi
  for candidate in "${MAVEN_HOME:-/nowhere}/bin/mvn" "${SDKMAN_DIR:-$HOME/.sdkman}/candidates/maven/current/bin/mvn" \
    /usr/share/maven/bin/mvn /opt/*maven*/bin/mvn /opt/homebrew/bin/mvn /usr/local/bin/mvn; do
    if [ -x "$candidate" ]; then maven=$candidate; return 0; fi
  done
  return 1
}

# Says how to get Maven.
explain_missing_maven() {
  cat >&2 <<'TEXT'
Indelible is built with Maven 3.8.7 or later, and no `mvn` was found (PATH, MAVEN_HOME and the usual folders were searched).

  Debian, Ubuntu   sudo apt-get install maven
  Fedora           sudo dnf install maven
  macOS            brew install maven
  anywhere         sdk install maven            (https://sdkman.io)
TEXT
}

# Returns 1 when there is no Node that the web front end can be built with.
required_node=20.19
find_node() {
  local version major minor
  version=$(node --version 2>/dev/null) || return 1
  version=${version#v}.
  major=${version%%.*}
  minor=${version#*.}
  minor=${minor%%.*}
  case $major.$minor in .* | *. | *[!0-9.]*) return 1 ;; esac
  if [ "$major" -eq "${required_node%.*}" ]; then
    [ "$minor" -ge "${required_node#*.}" ] || return 1
  else
    [ "$major" -gt "${required_node%.*}" ] || return 1
  fi
  command -v npm >/dev/null 2>&1
}

# Says how to get Node and npm.
explain_missing_node() {
  cat >&2 <<TEXT
The viewer and the console are built with Node $required_node or later and npm, and they were not found on PATH.

  Debian, Ubuntu   sudo apt-get install nodejs npm
                   (where that is older: https://deb.nodesource.com, then sudo apt-get install nodejs)
  Fedora           sudo dnf install nodejs npm
  macOS            brew install node
  anywhere         https://nodejs.org
TEXT
}

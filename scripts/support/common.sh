# What scripts/test and scripts/quickstart share. Sourced by both, with the repository's folder in $repository.
# Runs in the bash 3.2 of macOS too.

COMPOSE_HTTP_PORT=8080
COMPOSE_GRPC_PORT=50051
COMPOSE_SECURED_HTTP_PORT=8081
COMPOSE_SECURED_GRPC_PORT=50052

heading() {
    printf '\n=== %s\n' "$*"
}

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# Print a Python that is new enough, or fail. $PYTHON wins.
find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python; do
        if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    fail "no Python 3.11 or newer found; install one, or set PYTHON to it"
}

# ensure_environment NAME PIP_ARGUMENTS...: make .venv where there is none, install into it, and put it first on PATH.
# A stamp file remembers what pyproject.toml said then, so the next run installs nothing.
ensure_environment() {
    local name="$1" python stamp wanted
    shift
    if ! "$repository/.venv/bin/python" -c '' 2>/dev/null; then
        python="$(find_python)"
        heading "virtual environment in .venv"
        "$python" -m venv --clear "$repository/.venv" || fail "could not make .venv with $python; does it have the venv module?"
    fi
    unset PYTHONHOME
    export VIRTUAL_ENV="$repository/.venv" PATH="$repository/.venv/bin:$PATH"
    stamp="$repository/.venv/.installed-$name"
    wanted="$(cksum <"$repository/pyproject.toml") $*"
    if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
        heading "packages ($name)"
        python -m pip install --quiet --upgrade 'pip>=25.1'
        python -m pip install --quiet "$@"
        printf '%s\n' "$wanted" >"$stamp"
    fi
}

# provide_server NAME [COMPOSE_ARGUMENTS...]: export WEAVIATE_BINARY with a server to run. Where there is none and none can be had, start
# the compose file as project NAME, to be taken down when the script ends, and set $composed. Gives 1 when nothing works.
provide_server() {
    local name="$1" found
    shift
    composed=
    if found="$(python "$repository/scripts/support/find_server.py")"; then
        export WEAVIATE_BINARY="$found"
        echo "$found"
        return 0
    fi
    docker compose version >/dev/null 2>&1 && docker info >/dev/null 2>&1 || return 1
    echo "starting docker-compose.yml"
    compose=(docker compose --project-name "$name" --file "$repository/docker-compose.yml" "$@")
    trap '"${compose[@]}" down --volumes >/dev/null 2>&1' EXIT
    "${compose[@]}" up --detach --wait || return 1
    composed=yes
}

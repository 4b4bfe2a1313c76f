package testsvc

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
)

var postgres server

var postgresChange func(*exec.Cmd) // makes it run as another user

// Postgres returns the address of an empty database of a PostgreSQL server.
func Postgres(t testing.TB) string {
	t.Helper()
	postgres.start(t, startPostgres)
	name := nameOf(t)
	db, err := sql.Open("pgx", dsn("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(context.Background(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return dsn(name)
}

func dsn(database string) string {
	return fmt.Sprintf("postgres://tester@/%s?host=%s", database, postgres.folder)
}

// startPostgres starts a server on a socket in folder, without syncing its disk:
// what it keeps is thrown away anyhow.
func startPostgres(folder string) error {
	initdb, err := program("initdb", "TEST_INITDB", "usr/lib/postgresql/*/bin")
	if err != nil {
		return err
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		return err
	}
	change, err := unprivileged(folder)
	if err != nil {
		return err
	}
	data := filepath.Join(folder, "data")
	init := exec.Command(initdb, "--no-sync", "--auth=trust", "--username=tester", "--encoding=UTF8", "--locale=C.UTF-8", "-D", data)
	init.SysProcAttr = &syscall.SysProcAttr{}
	if change != nil {
		change(init)
	}
	if out, err := init.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	postgresChange = change
	args := []string{"-D", data, "-c", "listen_addresses=", "-c", "unix_socket_directories=" + folder, "-c", "fsync=off", "-c", "max_connections=200"}
	if err := postgres.run(filepath.Join(filepath.Dir(initdb), "postgres"), args, change); err != nil {
		return err
	}
	return postgres.await(postgresReady)
}

func postgresReady() error {
	db, err := sql.Open("pgx", dsn("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Ping()
}

// RestartPostgres ends the server at once, as a crash does, and starts it again
// with what was committed.
func RestartPostgres(t testing.TB) {
	t.Helper()
	path, args := postgres.cmd.Path, postgres.cmd.Args[1:]
	if err := postgres.cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	_ = postgres.cmd.Wait() // how it ended is no news
	if err := postgres.run(path, args, postgresChange); err != nil {
		t.Fatal(err)
	}
	if err := postgres.await(postgresReady); err != nil {
		t.Fatal(err)
	}
}

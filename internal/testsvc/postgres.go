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
	args := []string{"-D", data, "-c", "listen_addresses=", "-c", "unix_socket_directories=" + folder, "-c", "fsync=off", "-c", "max_connections=200"}
	if err := postgres.run(filepath.Join(filepath.Dir(initdb), "postgres"), args, change); err != nil {
		return err
	}
	return postgres.await(func() error {
		db, err := sql.Open("pgx", dsn("postgres"))
		if err != nil {
			return err
		}
		defer db.Close()
		return db.Ping()
	})
}

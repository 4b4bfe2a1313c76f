package queue

import (
	"context"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/sohoa/sohoa/record"
)

// Examine looks how the Redis server is set up. Losing what it holds loses no
// document; forgetting part of it under memory pressure holds documents up.
func (b *Broker) Examine(ctx context.Context) []record.Finding {
	if b.embedded != nil {
		return nil
	}
	client, ok := b.redis.MakeRedisClient().(redis.UniversalClient)
	if !ok {
		return []record.Finding{{Check: record.CheckQueueMemory, State: record.Unknown}}
	}
	defer client.Close()
	settings, err := client.ConfigGet(ctx, "*").Result()
	if err != nil { // many that run Redis for others forbid it
		seen := "the server does not tell its settings: " + err.Error()
		return []record.Finding{{Check: record.CheckQueueMemory, State: record.Unknown, Seen: seen}, {Check: record.CheckQueueDisk, State: record.Unknown, Seen: seen}}
	}
	memory := record.Finding{Check: record.CheckQueueMemory, State: record.Good}
	if policy := settings["maxmemory-policy"]; policy != "noeviction" {
		memory.State, memory.Seen = record.Bad, "maxmemory-policy is "+policy
	}
	disk := record.Finding{Check: record.CheckQueueDisk, State: record.Good}
	if settings["appendonly"] != "yes" {
		disk.State, disk.Seen = record.Advised, fmt.Sprintf("appendonly is %s, save is %q", settings["appendonly"], strings.TrimSpace(settings["save"]))
	}
	return []record.Finding{memory, disk}
}

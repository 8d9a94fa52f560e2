// Helm records what helm's engine makes of cases: see package stream.
package main

import (
	"bytes"
	"io"
	"log"
	"log/slog"

	"relfile/tests/oracle/machine"
	"relfile/tests/oracle/stream"
)

func main() {
	log.SetOutput(io.Discard)
	slog.SetDefault(slog.New(slog.NewTextHandler(&bytes.Buffer{}, &slog.HandlerOptions{Level: slog.LevelError + 1})))
	stream.Run(func(c *stream.Case) stream.Outcome {
		_, outcome := machine.Render(c)
		return outcome
	})
}

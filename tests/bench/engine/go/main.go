// Engine times helm's engine as ../engine.c times relfile's: the same charts, options and results.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
)

func load(path string) (*chart.Chart, error) {
	c, err := loader.LoadDir(path)
	if err != nil {
		return nil, err
	}
	return c, chartutil.ProcessDependencies(c, map[string]any{})
}

func render(c *chart.Chart) (int, error) {
	options := common.ReleaseOptions{Name: "bench", Namespace: "default", Revision: 1, IsInstall: true}
	values, err := util.ToRenderValues(c, map[string]any{}, options, common.DefaultCapabilities)
	if err != nil {
		return 0, err
	}
	files, err := engine.Render(c, values)
	bytes := 0
	for _, text := range files {
		bytes += len(text)
	}
	return bytes, err
}

func cpu() time.Duration {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// memory is of this process, in kilobytes: in use (VmRSS:), or at most (VmHWM:).
func memory(field string) int64 {
	status, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(status), field)
	number, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	return number
}

func list(paths []string) {
	for _, path := range paths {
		if c, err := load(path); err == nil {
			if bytes, err := render(c); err == nil {
				fmt.Println(bytes, path)
			}
		}
	}
}

func run(limit time.Duration, threads int, paths []string) {
	var group sync.WaitGroup
	var mutex sync.Mutex
	var before, after runtime.MemStats
	passes, bytes := 0, 0

	runtime.GOMAXPROCS(threads)
	all := make([][]*chart.Chart, threads)
	for i := range all {
		for _, path := range paths {
			c, err := load(path)
			if err != nil {
				panic(err)
			}
			all[i] = append(all[i], c)
		}
	}
	debug.FreeOSMemory()
	runtime.ReadMemStats(&before)
	os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
	beforeKilobytes := memory("VmRSS:")
	began, startCPU := time.Now(), cpu()
	for _, charts := range all {
		group.Go(func() {
			done, made := 0, 0
			for done == 0 || cpu()-startCPU < limit*time.Duration(threads) {
				for _, c := range charts {
					n, _ := render(c)
					made += n
				}
				done++
			}
			mutex.Lock()
			passes, bytes = passes+done, bytes+made
			mutex.Unlock()
		})
	}
	group.Wait()
	spent, wall := cpu()-startCPU, time.Since(began)
	runtime.ReadMemStats(&after)
	fmt.Printf("{\"passes\": %d, \"bytes\": %d, \"allocated\": %d, \"allocations\": %d, \"cpu\": %.6f, \"wall\": %.6f, \"kilobytes\": %d, \"process\": %d}\n",
		passes, bytes, after.TotalAlloc-before.TotalAlloc, after.Mallocs-before.Mallocs,
		spent.Seconds(), wall.Seconds(), memory("VmHWM:")-beforeKilobytes, memory("VmHWM:"))
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == "list" {
		list(os.Args[2:])
		return
	}
	seconds, _ := strconv.ParseFloat(os.Args[2], 64)
	threads, _ := strconv.Atoi(os.Args[3])
	run(time.Duration(seconds*float64(time.Second)), threads, os.Args[4:])
}

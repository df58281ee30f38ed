package measure

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
)

// Lambda gives a function one whole processor at 1,769 MB and a part of one in
// proportion below; what runs over its part waits for the next period.
const (
	wholeMB  = 1769
	periodUs = 20_000
)

// share is a part of a processor that processes are started under.
type share struct {
	how   string
	start func(*exec.Cmd) error
	close func() error
}

// newShare takes a control group if the machine lets us make one. Where it does not,
// the figures are those of a whole processor, and how says so.
func newShare(mb int) (*share, error) {
	quota := periodUs * mb / wholeMB
	name := fmt.Sprintf("snout-%d-%d", os.Getpid(), mb)
	if s, err := shareV1(filepath.Join("/sys/fs/cgroup/cpu", name), quota); err == nil {
		return s, nil
	}
	if s, err := shareV2(filepath.Join("/sys/fs/cgroup", name), quota); err == nil {
		return s, nil
	}
	return &share{how: "NO SHARE: this machine lets us make no control group, so every figure is of a whole processor", start: (*exec.Cmd).Start, close: func() error { return nil }}, nil
}

const saidV = "a control group (v%d) of memory/1,769 MB of a processor in periods of 20 ms"

// shareV1 puts the thread that starts a process into the group while it does: the
// process is born in it, and none of its work is free.
func shareV1(dir string, quota int) (*share, error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	write := func(file string, n int) error {
		return os.WriteFile(filepath.Join(dir, file), []byte(strconv.Itoa(n)), 0o600)
	}
	if err := errors.Join(write("cpu.cfs_period_us", periodUs), write("cpu.cfs_quota_us", quota)); err != nil {
		return nil, errors.Join(err, os.Remove(dir))
	}
	return &share{how: fmt.Sprintf(saidV, 1), close: func() error { return os.Remove(dir) }, start: func(cmd *exec.Cmd) error {
		done := make(chan error)
		go func() {
			// Never unlocked: the thread ends with the goroutine, and the group has
			// nothing of ours in it any more.
			runtime.LockOSThread()
			err := write("tasks", syscall.Gettid())
			if err == nil {
				err = cmd.Start()
			}
			// Out again: a group with anything in it cannot be removed.
			done <- errors.Join(err, os.WriteFile(filepath.Join(filepath.Dir(dir), "tasks"), []byte(strconv.Itoa(syscall.Gettid())), 0o600))
		}()
		return <-done
	}}, nil
}

func shareV2(dir string, quota int) (*share, error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "cpu.max"), fmt.Appendf(nil, "%d %d", quota, periodUs), 0o600); err != nil {
		return nil, errors.Join(err, os.Remove(dir))
	}
	group, err := os.Open(dir)
	if err != nil {
		return nil, errors.Join(err, os.Remove(dir))
	}
	return &share{how: fmt.Sprintf(saidV, 2), close: func() error { return errors.Join(group.Close(), os.Remove(dir)) }, start: func(cmd *exec.Cmd) error {
		cmd.SysProcAttr = &syscall.SysProcAttr{UseCgroupFD: true, CgroupFD: int(group.Fd())}
		return cmd.Start()
	}}, nil
}

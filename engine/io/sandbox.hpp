#pragma once

namespace leat::io {

/// Which of the kernel's means keep a process in its sandbox. One that is missing makes up for the other as
/// far as it goes: landlock knows nothing of processes, nor of sockets other than TCP's.
struct Sandbox {
  bool landlock = false;  // since Linux 5.13, where it is not left out at boot
  bool system_calls = false;
};

/// From now on this thread, and what it starts, can do nothing but compute, use memory, and read and write
/// what is open already: it has no way to files, to the network, to other processes or to more rights
/// (PR_SET_NO_NEW_PRIVS, landlock(7), seccomp(2)). A call that is not allowed fails with EPERM.
///
/// There is no way back. What the process needs of files must be there before: libraries loaded, locales and
/// character sets opened. The time zone is read here, and stays. For a process with one thread.
Sandbox enter_sandbox() noexcept;

}  // namespace leat::io

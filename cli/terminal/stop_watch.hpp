#pragma once

#include <functional>

#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"

namespace leat::cli {

/// Lets Ctrl-Z (SIGTSTP) stop the process as if nobody watched, with something to do on either side of it.
///
/// `before` is called when the signal comes, then the process stops, and `after` is called when it goes on.
/// The system decides whether the signal stops us, so that job control works as with any other program: with
/// no shell that could go on with us, it doesn't, and `after` follows at once. Where the signal was ignored
/// from the start, this ends at once. It goes on until it is cancelled. Loop thread only.
async::Task<void> watch_stop(async::EventLoop& loop, std::function<void()> before,
                             std::function<void()> after);

}  // namespace leat::cli

#include "engine/io/run_process.hpp"

#include <memory>
#include <utility>

#include "engine/async/task_group.hpp"

namespace leat::io {

namespace {

struct Running {
  std::unique_ptr<Process> process;
  Command command;
  std::string input;
  CaptureLimits limits;
  TakeOutput take;
  Captured captured;
};

// It is no error if the reader has gone: what the process does with its input is its own business.
async::Task<void> feed(Running& running) {
  auto writing = running.process->input().write(running.input);
  co_await std::move(writing);
  running.process->close_input();
}

async::Task<void> gather_errors(Running& running) {
  std::string& errors = running.captured.errors;
  std::string chunk;
  while (!running.process->errors().at_end()) {
    chunk.clear();
    auto reading = running.process->errors().read(chunk);
    if (co_await std::move(reading)) co_return;
    errors.append(chunk, 0, running.limits.errors - errors.size());
  }
}

async::Task<void> gather_output(Running& running) {
  std::string& output = running.captured.output;
  while (!running.process->output().at_end() && output.size() <= running.limits.output) {
    auto reading = running.process->output().read(output);
    if (co_await std::move(reading)) co_return;
  }
  if (output.size() <= running.limits.output) co_return;
  output.resize(running.limits.output);
  running.captured.too_much = true;
}

// Gives false if nobody wants the rest.
async::Task<bool> hand_on_output(Running& running) {
  std::string piece;
  while (!running.process->output().at_end()) {
    piece.clear();
    auto reading = running.process->output().read(piece);
    if (co_await std::move(reading)) co_return true;
    if (piece.empty()) continue;
    auto taking = running.take(piece);
    const bool wanted = co_await std::move(taking);
    if (!wanted) co_return false;
  }
  co_return true;
}

// Children of the process may hold its input and its standard error open for longer; nobody waits for those.
async::Task<void> converse(async::TaskGroup& group, Running& running) {
  if (running.command.feed) group.spawn(feed(running), "process input");
  const bool errors = running.command.errors == ErrorOutput::pipe;
  if (errors) group.spawn(gather_errors(running), "process errors");
  bool wanted = true;
  if (running.take) {
    auto handing = hand_on_output(running);
    wanted = co_await std::move(handing);
  } else {
    auto gathering = gather_output(running);
    co_await std::move(gathering);
  }
  if (running.captured.too_much || !wanted) {
    auto stopping = running.process->stop();
    co_await std::move(stopping);
  }
  auto waiting = running.process->wait();
  running.captured.status = co_await std::move(waiting);
  group.cancel();
}

}  // namespace

async::Task<Result<Captured>> run_process(async::EventLoop& loop, Command command, std::string input,
                                          CaptureLimits limits, TakeOutput take) {
  auto started = Process::start(loop, command);
  if (!started) co_return started.error();
  Running running{std::move(*started), std::move(command), std::move(input), limits,
                  std::move(take),     Captured()};
  bool cancelled = false;
  const auto conversing = [&running](async::TaskGroup& group) { return converse(group, running); };
  try {
    auto conversation = async::with_task_group(loop, conversing);
    co_await std::move(conversation);
  } catch (const async::Cancelled&) {
    cancelled = true;
  }
  if (cancelled) {
    const auto grace = running.command.grace ? running.command.grace() : Process::kGrace;
    auto stopping = running.process->stop(grace);
    co_await std::move(stopping);
    throw async::Cancelled{};
  }
  if (running.command.errors == ErrorOutput::pipe) {
    std::string rest;
    running.process->errors().read_ready(rest);
    running.captured.errors.append(rest, 0, limits.errors - running.captured.errors.size());
  }
  co_return std::move(running.captured);
}

}  // namespace leat::io

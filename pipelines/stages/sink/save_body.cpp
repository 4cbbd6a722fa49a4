#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "engine/async/sleep.hpp"
#include "engine/http/redirect.hpp"
#include "engine/io/fd.hpp"
#include "engine/io/file_error.hpp"
#include "engine/io/file_writer.hpp"
#include "engine/io/output_writer.hpp"
#include "engine/io/terminal.hpp"
#include "engine/text/visible.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/record/checksum.hpp"
#include "pipelines/stages/sink/save.hpp"

namespace leat::pipelines {

namespace {

constexpr auto kReaderPoll = std::chrono::milliseconds(20);  // until somebody opens a FIFO to read it

}  // namespace

Status Save::write(Claim& claim, const Record& record) const {
  auto file = io::FileWriter::create(claim.base(), claim.path(), claim.standing());
  if (!file) return std::move(file.error());
  if (auto error = file->write(record.body_as_it_came())) return error;
  describe(*file, record);
  if (auto error = file->commit(claim.replace())) return error;
  claim.written();
  return std::nullopt;
}

async::Task<void> Save::apply(Record& record) {
  if (record.outcome != Outcome::ok) co_return;
  if (auto error = record.response ? http::unfollowed_redirect(record.response->head) : std::nullopt) {
    record.fail(std::move(*error), "save");
    co_return;
  }
  if (target_.kind != StreamTarget::Kind::none && record.output.empty()) {
    auto streaming = stream(record);
    co_await std::move(streaming);
    co_return;
  }
  if (!record.body || (!template_ && record.output.empty())) co_return;
  if (record.digests.find(DigestKind::sha256).empty()) {
    Digest digest;
    digest.update(record.body_as_it_came());
    record.digests.put(DigestKind::sha256, digest.finish());
  }
  auto claimed = claim_final(record);
  if (!claimed) {
    record.fail(std::move(claimed.error()), "save");
    co_return;
  }
  if (!*claimed) co_return;
  Status status = write(**claimed, record);
  if (status) {
    record.fail(std::move(*status), "save");
  } else {
    record.filename = (*claimed)->shown();
  }
}

// A FIFO waits for its reader without holding up the loop.
async::Task<Result<io::OutputWriter*>> Save::open_stream() {
  if (target_.kind == StreamTarget::Kind::standard_output) {
    auto opened = run_->outputs.open("-");
    if (!opened) co_return std::move(opened.error());
    co_return &(*opened)->writer();
  }
  if (auto* open = run_->outputs.find(target_.path)) co_return open;
  if (target_.kind == StreamTarget::Kind::socket) {
    co_return io::file_refusal(Errc::file_error, target_.path, "it is a socket");
  }
  for (;;) {
    io::Fd fd(::open(target_.path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (fd) co_return run_->outputs.adopt(target_.path, std::move(fd));
    if (errno != ENXIO && errno != EINTR) co_return io::file_failure(errno, "open", target_.path);
    if (run_->stopping) co_return Error(Errc::cancelled, run_->stop_reason);
    auto waiting = pause(*run_, kReaderPoll);
    co_await std::move(waiting);
  }
}

// Its ticket goes on only when the bytes are written, so that a record that counts as done is.
async::Task<void> Save::stream(Record& record) {
  record.filename = target_.path;
  if (target_.kind == StreamTarget::Kind::nothing || !record.body) co_return;
  auto opening = open_stream();
  auto writer = co_await std::move(opening);
  Status failed;
  if (!writer) {
    failed = std::move(writer.error());
  } else {
    io::OutputWriter& output = **writer;
    const bool is_shown =
        target_.kind == StreamTarget::Kind::standard_output && io::terminal_traits(STDOUT_FILENO).is_terminal;
    output.append_now(is_shown ? text::made_visible(record.body_as_it_came()) : record.body_as_it_came());
    auto draining = output.drain();
    co_await std::move(draining);
    if (output.state() == io::OutputState::failed) failed = output_error(target_.path, output.error_number());
    if (output.state() == io::OutputState::closed)
      failed = Error(Errc::file_error, "nobody reads \"" + target_.path + "\" any more");
  }
  if (!failed) co_return;
  record.filename.clear();
  record.fail(std::move(*failed), "save");
  if (record.error->code == Errc::disk_full) run_->abort(*record.error);
}

}  // namespace leat::pipelines

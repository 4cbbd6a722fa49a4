#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/io/input_reader.hpp"
#include "pipelines/flow/births.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

/// A source that cuts a file or standard input into records, chunk by chunk: what `lines`, `json`, `csv`
/// and `aria2` have in common. A record is made only when the next stage has room. What is packed is
/// unpacked (see UnpackedReader), and comes as UTF-8 with newlines (see TextReader). Where reading fails in
/// the middle, all that was read is done before the run fails.
class TextSource : public Source {
 public:
  TextSource(std::string path, RunContext& context) : path_(std::move(path)), context_(context) {}

  async::Task<Status> run(RecordSender out) final;
  void stop() noexcept final;
  [[nodiscard]] std::optional<double> part_read() const noexcept final;

 protected:
  /// A record that somebody may want back as it stood in the input.
  void keep_source(Record& record, std::string_view text) const {
    if (context_.leftovers != nullptr) record.source = text;
  }
  [[nodiscard]] RunContext& context() const noexcept { return context_; }
  /// The chunk stays where it is until `next` has given none.
  virtual void feed(std::string_view chunk) = 0;
  /// The next record of this chunk, or, at the end, of what is left; null if there is none. An Error ends the
  /// run.
  virtual Result<RecordPtr> next(bool at_end) = 0;
  /// That the end of the input has cut short what it names.
  [[nodiscard]] Error cut_error(const std::string& what) const;
  /// What was read is whole and is done, then the run fails. Called by `next` at the end, which gives null.
  void fail_at_end(Error error);
  /// Bytes of the chunk that `next` has not looked at yet.
  [[nodiscard]] virtual std::size_t unread() const noexcept = 0;

  std::string path_;

 private:
  async::Task<Result<bool>> emit_all(Emitter& emitter, bool at_end);

  RunContext& context_;
  std::unique_ptr<io::InputReader> reader_;
  std::uint64_t chunk_begin_ = 0;  // where in the file the chunk stands
  std::size_t chunk_size_ = 0;
  std::uint64_t records_ = 0;
  bool stopped_ = false;
};

}  // namespace leat::pipelines

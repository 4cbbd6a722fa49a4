#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "engine/error.hpp"
#include "engine/http/message/range.hpp"
#include "engine/io/file_writer.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/result/name_set.hpp"

namespace leat::pipelines {

class StageRow;

/// What becomes of a file that is there; `resume` also continues what is unfinished.
enum class OnExist : std::uint8_t { resume, skip, overwrite, rename, fail };

/// save: the body becomes a file, named by the template or by the line's own `output`; by that alone where
/// the template is empty.
struct SaveArgs {
  std::string file_template;
  OnExist on_exist = OnExist::resume;
  bool remote_name = false;  // {name} is what Content-Disposition says, where it says something
  bool remote_time = true;   // the file is as old as Last-Modified says
  bool durable = false;      // synced to the disk before the record is done
  bool if_changed = false;   // a file that is there is fetched again only if it has changed
  bool operator==(const SaveArgs&) const = default;
};
[[nodiscard]] const StageRow& row_of(const SaveArgs& args) noexcept;

/// save: the body becomes a file, named by the template, or by the line's own `output` below the template's
/// base. A name that this run has taken is never written a second time.
///
/// Behind `fetch` it is fused with it: `claim` comes before the request, and the body streams into the
/// claim's file. A name that says something of the response or of the body is known only after it: then the
/// body goes to a hidden file of the base directory, and `claim_final` says at the end what it is to be
/// called. Outlives its claims. Loop thread only.
class Save final : public RecordStage {
 public:
  class Claim;

  /// bad_input for a template that does not compile. An empty template saves only what has an `output`.
  static Result<std::unique_ptr<Save>> make(const SaveArgs& args);

  /// The file that this record's body is to become; nothing if it is none, or if the record is now skipped
  /// because the file is there. Errors: name_refused, file_exists, file_error, bad_input.
  Result<std::optional<Claim>> claim(Record& record);
  /// The same once its body and response are there, for a claim that is provisional.
  Result<std::optional<Claim>> claim_final(Record& record);

  /// Writes a body that is held in memory.
  async::Task<void> apply(Record& record) override;

  [[nodiscard]] const SaveArgs& args() const noexcept { return args_; }

 private:
  Save(SaveArgs args, std::optional<NameTemplate> compiled)
      : args_(std::move(args)),
        template_(std::move(compiled)),
        directory_(template_ ? template_->base() : kHere) {}

  [[nodiscard]] bool is_late(const NameTemplate& name) const;
  [[nodiscard]] Result<std::optional<NameTemplate>> own_template(const Record& record) const;
  Result<std::string> path_of(const Record& record, const NameTemplate* own) const;
  Result<std::optional<Claim>> take(Record& record, std::string path, bool is_content);
  Result<std::optional<Claim>> take_hidden(const Record& record);
  Result<std::optional<Claim>> renamed(const std::string& path);
  std::optional<Claim> skip(Record& record, const std::string& path) const;

  static constexpr const char* kHere = ".";

  SaveArgs args_;
  std::optional<NameTemplate> template_;
  io::BaseDirectory directory_;
  NameSet taken_;
  std::unordered_map<std::string, unsigned> last_number_;  // of names that had to be numbered
};

/// A name that belongs to one record: given back when destroyed, unless the file was written.
class Save::Claim {
 public:
  /// What is there of it already, and what is to become of that.
  struct State {
    bool replace = false;
    io::Standing standing{};   // what was there when it was claimed
    bool provisional = false;  // its own name comes by `claim_final`
    std::optional<http::Validators>
        known{};                // the version that is there, if it is to be kept unless it changed
    io::FileVersion version{};  // the same, as the file says it
  };

  Claim(Save& owner, std::string path, State state) noexcept
      : owner_(&owner), path_(std::move(path)), state_(std::move(state)) {}
  Claim(Claim&& other) noexcept
      : owner_(std::exchange(other.owner_, nullptr)),
        path_(std::move(other.path_)),
        state_(std::move(other.state_)),
        written_(other.written_) {}
  Claim& operator=(Claim&&) = delete;
  ~Claim() {
    if (owner_ != nullptr && !written_) owner_->taken_.erase(path_);
  }

  void written() noexcept { written_ = true; }
  [[nodiscard]] bool replace() const noexcept { return state_.replace; }
  /// An earlier run may have left a part of it to go on with.
  [[nodiscard]] bool has_note() const noexcept { return state_.standing.note && keeps_part(); }
  [[nodiscard]] bool is_provisional() const noexcept { return state_.provisional; }
  [[nodiscard]] const std::optional<http::Validators>& known() const noexcept { return state_.known; }
  /// The version that is there is known by its time alone.
  [[nodiscard]] bool lacks_etag() const noexcept { return state_.known && state_.known->etag.empty(); }
  /// Takes the ETag of what was saved under this name once, if that is still what is there.
  void take_etag(const io::FileVersion& saved);
  /// What is unfinished at the end is left for a later run.
  [[nodiscard]] bool keeps_part() const noexcept { return owner_->args_.on_exist == OnExist::resume; }
  [[nodiscard]] Save& owner() const noexcept { return *owner_; }
  [[nodiscard]] const io::Standing& standing() const noexcept { return state_.standing; }
  [[nodiscard]] const io::BaseDirectory& base() const noexcept { return owner_->directory_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// Base and path, as people are told.
  [[nodiscard]] std::string shown() const;

 private:
  Save* owner_;
  std::string path_;
  State state_;
  bool written_ = false;
};

/// Gives a file that is about to be committed the time and the ETag of the response, as far as `args` say so.
void describe_file(io::FileWriter& file, const SaveArgs& args, const Record& record);

}  // namespace leat::pipelines

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
#include "pipelines/result/stream_target.hpp"
#include "pipelines/stages/sink/listed_folders.hpp"
#include "pipelines/stages/sink/save_names.hpp"

namespace leat::io {
class OutputWriter;
}

namespace leat::pipelines {

class ChecksumFile;
class StageRow;
struct RunContext;

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
/// base. A name that this run has given to one URL's file is never another's: that gets one of its
/// `other_names`, and a number with rename; where there is none, it is refused. So it stays if the first one
/// fails, because names must not depend on what comes when. The same URL once more writes the same file
/// again.
///
/// A folder that would have to be where a file is becomes NAME.d, a file that would have to be where a folder
/// is becomes NAME/index.html, in whichever order they come. Nothing but a regular file is ever replaced, and
/// none that the run itself reads or writes.
///
/// Behind `fetch` it is fused with it: `claim` comes before the request, and the body streams into the
/// claim's file. A name that says something of the response or of the body is known only after it: then the
/// body goes to a hidden file of the base directory, and `claim_final` says at the end what it is to be
/// called. A template that names a StreamTarget has no files: bodies are written there as they are, one
/// behind the other. Outlives its claims. Loop thread only.
class Save final : public RecordStage {
 public:
  class Claim;

  /// bad_input for a template that does not compile. An empty template saves only what has an `output`.
  static Result<std::unique_ptr<Save>> make(const SaveArgs& args);
  /// The run that it is part of, which outlives it, and sums that bodies are known to have; may be null.
  Status join(RunContext& run, std::shared_ptr<const ChecksumFile> sums = nullptr);

  /// The file that this record's body is to become; nothing if it is none, or if the record is now skipped
  /// because the file is there. Errors: name_refused, file_exists, file_error, bad_input, checksum_mismatch.
  Result<std::optional<Claim>> claim(Record& record);
  /// The same once its body and response are there, for a claim that is provisional.
  Result<std::optional<Claim>> claim_final(Record& record);

  /// Gives a file that is about to be committed the time and the ETag of the response, as far as the
  /// arguments say so, and notes which URL it is of.
  void describe(io::FileWriter& file, const Record& record) const;

  /// Writes a body that is held in memory.
  async::Task<void> apply(Record& record) override;

  [[nodiscard]] const SaveArgs& args() const noexcept { return args_; }

 private:
  class Naming;
  struct Place {
    std::string path;
    io::Standing standing;
  };

  Save(SaveArgs args, std::optional<NameTemplate> compiled);

  [[nodiscard]] bool is_late(const NameTemplate& name) const;
  [[nodiscard]] bool keeps_files() const noexcept {
    return args_.on_exist == OnExist::resume || args_.on_exist == OnExist::skip;
  }
  Result<std::optional<Claim>> take(Record& record, const Naming& naming, bool late);
  Result<Place> settle(const Naming& naming);
  Result<std::optional<Claim>> take_placed(Record& record, const Naming& naming, Place place, bool late);
  Result<std::optional<Claim>> take_again(Record& record, const Naming& naming, Place place, bool late);
  Result<std::optional<Claim>> take_standing(Record& record, const Naming& naming, Place place, bool late);
  Result<std::optional<Claim>> take_hidden(const Record& record);
  Result<std::optional<Claim>> renamed(const Naming& naming, const std::string& path);
  Claim claim_of(const Naming& naming, Place place, bool replace);
  std::optional<Claim> skip(Record& record, const Naming& naming, const std::string& path);

  Result<Place> place(std::string path);
  [[nodiscard]] std::optional<std::size_t> end_of_standing_file(const std::string& path) const;
  [[nodiscard]] bool is_anothers(const Naming& naming, const Place& place) const;
  [[nodiscard]] Status refuse_own(const Place& place) const;
  [[nodiscard]] std::string shown(const std::string& path) const;
  void say_once(bool& said, const std::string& text) const;
  [[nodiscard]] Status write(Claim& claim, const Record& record) const;
  async::Task<void> stream(Record& record);
  async::Task<Result<io::OutputWriter*>> open_stream();

  static constexpr const char* kHere = ".";

  SaveArgs args_;
  std::optional<NameTemplate> template_;
  io::BaseDirectory directory_;
  StreamTarget target_;
  RunContext* run_ = nullptr;
  std::shared_ptr<const ChecksumFile> sums_;
  SaveNames names_;
  ListedFolders listed_;
  NameSet flying_;  // names whose claims live
  NameSet again_;   // names that the same URL has asked for again while it had them
  NameSet found_;   // names of files that an earlier run has left, and that stay
  std::unordered_map<std::string, unsigned> last_number_;  // of names that had to be numbered
  bool said_folder_ = false;                               // that a folder has another name
  bool said_index_ = false;                                // that a file has
};

/// A name that belongs to one record.
class Save::Claim {
 public:
  /// What is there of it already, and what is to become of that.
  struct State {
    bool replace = false;
    bool compare = false;      // what stands there stays if it has the sums that the record's body must have
    bool may_lapse = false;    // unwritten, its name is anybody's again
    io::Standing standing{};   // what was there when it was claimed
    bool provisional = false;  // its own name comes by `claim_final`
    std::string becomes{};     // the name that it gets at its end, in place of what is there; empty: its own
    std::string source{};      // whose name it is
    std::optional<http::Validators>
        known{};                // the version that is there, if it is to be kept unless it changed
    io::FileVersion version{};  // the same, as the file says it
  };

  Claim(Save& owner, std::string path, State state) noexcept
      : owner_(&owner), path_(std::move(path)), state_(std::move(state)) {
    owner_->flying_.insert(path_);
    owner_->listed_.expect(path_);
  }
  Claim(Claim&& other) noexcept
      : owner_(std::exchange(other.owner_, nullptr)),
        path_(std::move(other.path_)),
        state_(std::move(other.state_)),
        written_(other.written_) {}
  Claim& operator=(Claim&&) = delete;
  ~Claim() {
    if (owner_ == nullptr) return;
    owner_->flying_.erase(path_);
    if (state_.may_lapse && !written_) owner_->names_.give_back(path_, state_.source);
  }

  void written() noexcept { written_ = true; }
  /// It stays as it is there unless the server has another version.
  void know(io::FileVersion version);
  /// What stands there is to be compared with the record's sums before anything is fetched.
  void compare_first() noexcept { state_.compare = true; }
  /// The same URL may have been asked for again meanwhile, and have written the file already.
  [[nodiscard]] bool replace() const noexcept { return state_.replace || owner_->again_.contains(path_); }
  [[nodiscard]] bool compares() const noexcept { return state_.compare; }
  /// The file that stands there is right, and stays.
  void leave_standing() { owner_->found_.insert(path_); }
  /// An earlier run may have left a part of it to go on with.
  [[nodiscard]] bool has_note() const noexcept { return state_.standing.note && keeps_part(); }
  [[nodiscard]] bool is_provisional() const noexcept { return state_.provisional; }
  [[nodiscard]] const std::string& becomes() const noexcept { return state_.becomes; }
  [[nodiscard]] const std::optional<http::Validators>& known() const noexcept { return state_.known; }
  /// The version that is there is known by its time alone.
  [[nodiscard]] bool lacks_etag() const noexcept { return state_.known && state_.known->etag.empty(); }
  /// Takes the ETag of what was saved under this name once, if that is still what is there.
  void take_etag(const io::FileVersion& saved);
  /// What is unfinished at the end is left for a later run.
  [[nodiscard]] bool keeps_part() const noexcept {
    return owner_->args_.on_exist == OnExist::resume && state_.becomes.empty();
  }
  [[nodiscard]] Save& owner() const noexcept { return *owner_; }
  [[nodiscard]] const io::Standing& standing() const noexcept { return state_.standing; }
  [[nodiscard]] const io::BaseDirectory& base() const noexcept { return owner_->directory_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// The path that the file has in the end; of a provisional claim, claim_final says it.
  [[nodiscard]] const std::string& final_path() const noexcept {
    return state_.becomes.empty() ? path_ : state_.becomes;
  }
  /// Base and path, as people are told.
  [[nodiscard]] std::string shown() const;

 private:
  Save* owner_;
  std::string path_;
  State state_;
  bool written_ = false;
};

}  // namespace leat::pipelines

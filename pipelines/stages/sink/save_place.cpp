#include <cerrno>
#include <utility>

#include "engine/io/file_error.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/result/outputs.hpp"
#include "pipelines/stages/sink/save.hpp"

namespace leat::pipelines {

namespace {

constexpr int kMostMoves = 8;  // of one name; more would be a tree that somebody made to be in the way
constexpr const char* kFolder = ".d";
constexpr const char* kIndex = "/index.html";

}  // namespace

// Where a file or a folder of the other kind is in the way, the name moves.
Result<Save::Place> Save::place(std::string path) {
  for (int move = 0; move < kMostMoves; ++move) {
    auto end_of_file = names_.end_of_file_above(path);
    if (!end_of_file && !names_.is_folder(path)) {
      auto standing = listed_.look_at(directory_, path);
      if (standing && !(*standing).directory) return Place{std::move(path), *standing};
      if (!standing) {
        if (standing.error().os_errno != ENOTDIR) return std::move(standing.error());
        end_of_file = end_of_standing_file(path);
        if (!end_of_file) return std::move(standing.error());
      }
    }
    if (end_of_file) {
      const std::string file = path.substr(0, *end_of_file);
      path.insert(*end_of_file, kFolder);
      say_once(said_folder_, "\"" + shown(file) + "\" is a file, so what belongs below it goes to \"" +
                                 shown(file + kFolder) + "\"");
    } else {
      say_once(said_index_,
               "\"" + shown(path) + "\" is a folder, so the file goes to \"" + shown(path + kIndex) + "\"");
      path += kIndex;
    }
  }
  return Error(Errc::file_exists,
               "no place for \"" + shown(path) + "\": files are in the way of its folders");
}

std::optional<std::size_t> Save::end_of_standing_file(const std::string& path) const {
  for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1)) {
    const auto standing = io::look_at(directory_, path.substr(0, slash));
    if (!standing) return std::nullopt;
    if (standing.value().file || standing.value().special) return slash;
  }
  return std::nullopt;
}

Status Save::refuse_own(const Place& place) const {
  if (place.standing.special) {
    return io::file_refusal(
        Errc::file_error, shown(place.path),
        "it is a device, a FIFO or a socket; bodies are written to one that -o names alone");
  }
  if (run_ == nullptr) return std::nullopt;
  const Outputs& outputs = run_->outputs;
  const std::string what =
      place.standing.file ? outputs.what_is(place.standing.id) : outputs.what_will_be(shown(place.path));
  if (what.empty()) return std::nullopt;
  return io::file_refusal(Errc::name_refused, shown(place.path), "it is " + what + " of this run");
}

void Save::say_once(bool& said, const std::string& text) const {
  if (std::exchange(said, true) || run_ == nullptr) return;
  run_->say(text + "; others alike are not named");
}

}  // namespace leat::pipelines

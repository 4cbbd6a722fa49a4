#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/json_line.hpp"
#include "tests/support/process.hpp"

using namespace leat::tests;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostFiles = 4000;
const fs::path kTree = "/usr/share/doc";

/// Runs nginx as tests/bench/nginx starts it, and ends it together with this.
class Nginx {
 public:
  Nginx() : process_({std::string(LEAT_SOURCE_DIR) + "/tests/bench/nginx", dir_.path()}) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!fs::exists((dir_ / "nginx.pid")) && std::chrono::steady_clock::now() < deadline) {
    }
    REQUIRE_MESSAGE(fs::exists((dir_ / "nginx.pid")), "nginx did not start");
    port_ = lines_of(read_file((dir_ / "port"))).at(0);
  }
  ~Nginx() {
    process_.signal(SIGTERM);
    process_.wait();
  }
  [[nodiscard]] std::string url(const std::string& path) const { return "http://127.0.0.1:" + port_ + path; }

 private:
  TempDir dir_;
  Process process_;
  std::string port_;
};

std::string percent_encoded(const std::string& path) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string text;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || std::string("/-._~").find(c) != std::string::npos) {
      text += c;
    } else {
      text += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return text;
}

// The regular files that everybody may read, relative to the tree.
std::vector<std::string> files_of_tree() {
  std::vector<std::string> files;
  for (const auto& entry :
       fs::recursive_directory_iterator(kTree, fs::directory_options::skip_permission_denied)) {
    struct stat status {};
    if (::lstat(entry.path().c_str(), &status) != 0 || !S_ISREG(status.st_mode) ||
        (status.st_mode & S_IROTH) == 0)
      continue;
    files.push_back(fs::relative(entry.path(), kTree).string());
    if (files.size() == kMostFiles) break;
  }
  return files;
}

}  // namespace

TEST_CASE(
    "tree: all files of a real tree come from nginx with equal bytes, one line for each, and the sum is "
    "right") {
  const Nginx nginx;
  const TempDir out;
  const auto files = files_of_tree();
  REQUIRE(files.size() > 20);
  std::string list;
  for (const auto& file : files) list += nginx.url("/doc/" + percent_encoded(file)) + "\n";
  write_file((out / "urls"), list);
  const auto run = run_leat({"get", "-j", "64", "-o", (out / "tree") + "/{path}", "-i", (out / "urls")});
  CHECK(run.status == 0);

  const auto lines = json_lines(run.out);
  CHECK(lines.size() == files.size());
  std::vector<bool> seen(files.size() + 1, false);
  std::uint64_t bytes = 0;
  for (const auto& line : lines) {
    const auto id = static_cast<std::size_t>(line.number("id"));
    REQUIRE(id <= files.size());
    CHECK_FALSE(seen[id]);
    seen[id] = true;
    bytes += static_cast<std::uint64_t>(line.number("size_download"));
    const std::string original = read_file((kTree / files[id - 1]).string());
    CHECK_MESSAGE((line.text("outcome") == "ok" && read_file(line.text("filename")) == original),
                  files[id - 1]);
  }
  std::uint64_t expected = 0;
  for (const auto& file : files) expected += fs::file_size(kTree / file);
  CHECK(bytes == expected);
  const std::string n = std::to_string(files.size());
  CHECK_MESSAGE(run.err.find(n + " ok") != std::string::npos, run.err);
  CHECK_MESSAGE(run.err.find("= " + n + " in") != std::string::npos, run.err);
}

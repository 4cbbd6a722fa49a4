// Whatever a run has read, no output of it takes its place: by no link, no hard link and no ".." in its name.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/certificates.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;
namespace fs = std::filesystem;

namespace {

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

/// A file, the other ways to name it, and whether a run has kept it.
struct Kept {
  explicit Kept(const std::string& content) : text(content) {
    write_file(dir / "own", text);
    fs::create_symlink("own", dir / "link");
    fs::create_hard_link(dir / "own", dir / "twin");
    fs::create_directory(dir / "d");
  }
  [[nodiscard]] std::vector<std::string> names() const {
    return {dir / "own", dir / "link", dir / "twin", dir / "d/../own"};
  }
  void check(const Finished& run, const std::string& what) const {
    CAPTURE(run.err);
    CHECK(run.status != 0);
    CHECK(run.status != 1);
    CHECK(run.err.find(what) != std::string::npos);
    CHECK(read_file(dir / "own") == text);
  }

  TempDir dir;
  std::string text;
};

const std::string kRefused = " of this run, and would be overwritten; write to another file";

}  // namespace

TEST_CASE("inputs: no stage writes over the spec, what it includes or the configuration") {
  const std::string url = "urls " + origin().url("/ok/x") + " | ";
  const Kept spec("");
  for (const auto& name : spec.names()) {
    for (const std::string& stage : {"write to=\"" + name + "\"", "count to=\"" + name + "\"",
                                     "tee { write csv to=\"" + name + "\" } | null"}) {
      CAPTURE(stage);
      write_file(spec.dir / "own", url + stage + "\n");
      const auto run = run_leat({"run", "-f", spec.dir / "own"});
      CAPTURE(run.err);
      CHECK(run.status > 1);
      CHECK(run.err.find("is an input" + kRefused) != std::string::npos);
      CHECK(read_file(spec.dir / "own") == url + stage + "\n");
    }
  }
  const Kept part("where (true)\n");
  for (const auto& name : part.names()) {
    const std::string text = url + "include \"" + (part.dir / "own") + "\" | write to=\"" + name + "\"";
    part.check(run_leat({"run", text}), "is an input" + kRefused);
  }
  const Kept config("retry=1\n");
  for (const auto& name : config.names()) {
    config.check(run_leat({"run", "--config", config.dir / "own", url + "write to=\"" + name + "\""}),
                 "is an input" + kRefused);
  }
}

TEST_CASE("inputs: no stage writes over a netrc, a certificate, its key, trusted certificates or an upload") {
  const Certificates files;
  const auto refused = [](const Kept& kept, const std::string& arguments, const std::string& what) {
    CAPTURE(what);
    for (const auto& name : kept.names()) {
      kept.check(run_leat({"run", "urls " + origin().url("/ok/x") + " | fetch " + arguments +
                                      " | write to=\"" + name + "\""}),
                 "is " + what + kRefused);
    }
  };
  const Kept netrc("machine a.org login u password p\n");
  refused(netrc, "netrc-file=\"" + (netrc.dir / "own") + "\"", "the netrc");
  const Kept trusted(read_file(files.certificate()));
  refused(trusted, "cacert=\"" + (trusted.dir / "own") + "\"", "the file of trusted certificates");
  const Kept both(read_file(files.both()));
  refused(both, "cert=\"" + (both.dir / "own") + "\"", "the certificate");
  const Kept key(read_file(files.key()));
  refused(key, "cert=\"" + files.certificate() + "\" key=\"" + (key.dir / "own") + "\"", "the key");
  const Kept upload("content\n");
  refused(upload, "upload=\"" + (upload.dir / "own") + "\"", "the upload");
}

TEST_CASE("inputs: leat bench writes no report over its targets or its data") {
  const Kept targets(origin().url("/ok/x") + "\n");
  for (const auto& name : targets.names()) {
    for (const std::string option : {"--save", "--csv", "--html", "--samples"}) {
      CAPTURE(option);
      targets.check(run_leat({"bench", "-n", "1", "-i", targets.dir / "own", option, name}), option + ": ");
      targets.check(run_leat({"bench", "-n", "1", "-i", targets.dir / "own", option, name}),
                    "it is the file of --input, and would be overwritten");
    }
  }
}

#include "cli/options/blank_secrets.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace leat::cli;

namespace {

std::vector<std::string> blanked(std::vector<std::string> words) {
  words.insert(words.begin(), "leat");
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  blank_secrets(argv);
  words.erase(words.begin());
  return words;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("blank_secrets: the values of options that are secret are overwritten, however they are written") {
  CHECK(blanked({"get", "-u", "me:pw", "http://a/"}) == Words{"get", "-u", "*****", "http://a/"});
  CHECK(blanked({"get", "-ume:pw"}) == Words{"get", "-u*****"});
  CHECK(blanked({"get", "-qume:pw"}) == Words{"get", "-qu*****"});
  CHECK(blanked({"get", "-qu", "me:pw"}) == Words{"get", "-qu", "*****"});
  CHECK(blanked({"get", "-q%u", "me:pw"}) == Words{"get", "-q%u", "*****"});
  CHECK(blanked({"get", "-q%ume:pw"}) == Words{"get", "-q%u*****"});
  CHECK(blanked({"get", "--user=me:pw"}) == Words{"get", "--user=*****"});
  CHECK(blanked({"get", "-U", "me:pw", "-k"}) == Words{"get", "-U", "*****", "-k"});
  CHECK(blanked({"get", "--oauth2-bearer", "tok"}) == Words{"get", "--oauth2-bearer", "***"});
  CHECK(blanked({"get", "--pass", "pw"}) == Words{"get", "--pass", "**"});
  CHECK(blanked({"get", "--cert", "file:pw"}) == Words{"get", "--cert", "file:**"});
  CHECK(blanked({"get", "-d", "a=b"}) == Words{"get", "-d", "***"});
  CHECK(blanked({"get", "-b", "a=b"}) == Words{"get", "-b", "***"});
  CHECK(blanked({"bench", "-u", "me:pw", "http://a/"}) == Words{"bench", "-u", "*****", "http://a/"});
}

TEST_CASE("blank_secrets: of a header the value is overwritten if its name is one of credentials") {
  CHECK(blanked({"get", "-H", "Authorization: x"}) == Words{"get", "-H", "Authorization:**"});
  CHECK(blanked({"get", "--header=PRIVATE-TOKEN:x"}) == Words{"get", "--header=PRIVATE-TOKEN:*"});
  CHECK(blanked({"bench", "-kH", "Authorization: x"}) == Words{"bench", "-kH", "Authorization:**"});
  CHECK(blanked({"get", "-H", "Accept: x"}) == Words{"get", "-H", "Accept: x"});
}

TEST_CASE("blank_secrets: of a URL user and password are overwritten, also behind other options") {
  CHECK(blanked({"get", "http://me:pw@a/x@y"}) == Words{"get", "http://*****@a/x@y"});
  CHECK(blanked({"get", "-x", "http://me:pw@p:1", "http://a/"}) ==
        Words{"get", "-x", "http://*****@p:1", "http://a/"});
  CHECK(blanked({"get", "http://a/?q=x@y"}) == Words{"get", "http://a/?q=x@y"});
  CHECK(blanked({"get", "--", "http://me:pw@a/"}) == Words{"get", "--", "http://*****@a/"});
}

TEST_CASE("blank_secrets: in a spec the values of secret arguments are overwritten, and those of --set") {
  CHECK(blanked({"run", "urls \"http://me:pw@a/\" | fetch user=me:pw proxy=http://u:p@b | null"}) ==
        Words{"run", "urls \"http://*****@a/\" | fetch user=***** proxy=http://***@b | null"});
  CHECK(blanked({"run", "-q", "lines | fetch bearer=\"t\\\"ük\" header=\"Authorization: Bearer t\""}) ==
        Words{"run", "-q", "lines | fetch bearer=\"******\" header=\"Authorization: ********\""});
  CHECK(blanked({"check", "lines | set header.X-Api-Key=k meta.a=b | fetch cookie=\"a=b\""}) ==
        Words{"check", "lines | set header.X-Api-Key=* meta.a=b | fetch cookie=\"***\""});
  CHECK(blanked({"run", "--set", "t=pw", "--set=u=pw", "lines"}) ==
        Words{"run", "--set", "t=**", "--set=u=**", "lines"});
  for (const Words& words :
       {Words{"run", "lines | fetch bearer=env:T header=\"Accept: x\" | where (.user==\"a\")"},
        Words{"run", "lines | fetch bearer=$t user=secret:U | count"}}) {
    CHECK(blanked(words) == words);
  }
}

TEST_CASE("blank_secrets: everything else stays as it is") {
  for (const Words& words : {Words{"get", "-o", "u", "-j", "4", "-"}, Words{"get", "--no-such", "x", "-?"},
                             Words{"get", "-u"}, Words{"help", "-u", "me:pw"}, Words{"get"}, Words{}}) {
    CHECK(blanked(words) == words);
  }
}

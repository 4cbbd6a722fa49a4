# Every library that leat uses, each found where Debian 12 puts it and, where missing, named with its package.

find_package(PkgConfig QUIET)
if(NOT PkgConfig_FOUND)
  message(FATAL_ERROR "pkg-config is missing; on Debian: apt-get install pkg-config")
endif()
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

# leat_pkg(NAME MODULE PACKAGE): the imported target leat::NAME from the pkg-config module MODULE.
function(leat_pkg name module package)
  pkg_check_modules(${name} QUIET IMPORTED_TARGET GLOBAL ${module})
  if(NOT ${name}_FOUND)
    message(FATAL_ERROR "${module} is missing; on Debian: apt-get install ${package}")
  endif()
  add_library(leat::${name} ALIAS PkgConfig::${name})
endfunction()

# leat_header(NAME HEADER PACKAGE): the target leat::NAME of a library that is headers only.
function(leat_header name header package)
  find_path(${name}_INCLUDE ${header})
  if(NOT ${name}_INCLUDE)
    message(FATAL_ERROR "${header} is missing; on Debian: apt-get install ${package}")
  endif()
  add_library(leat_${name} INTERFACE)
  target_include_directories(leat_${name} SYSTEM INTERFACE ${${name}_INCLUDE})
  add_library(leat::${name} ALIAS leat_${name})
endfunction()

leat_pkg(curl libcurl>=7.88 libcurl4-openssl-dev)
leat_pkg(uv libuv>=1.44 libuv1-dev)
leat_pkg(fmt fmt>=9 libfmt-dev)
leat_pkg(crypto libcrypto>=3 libssl-dev)
leat_pkg(ssl libssl>=3 libssl-dev)
leat_header(cli11 CLI/CLI.hpp libcli11-dev)
leat_header(rapidjson rapidjson/writer.h rapidjson-dev)
leat_pkg(zlib zlib zlib1g-dev)  # the test origin
if(LEAT_TESTS)
  leat_header(doctest doctest/doctest.h doctest-dev)
  find_package(benchmark QUIET)
  if(NOT benchmark_FOUND)
    message(FATAL_ERROR "Google Benchmark is missing; on Debian: apt-get install libbenchmark-dev")
  endif()
endif()

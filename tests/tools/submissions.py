"""Submissions of our own for level 2: good, poor and hostile ones. Made anew for each test, so that no bomb is kept."""

import io
import os
import tarfile
import zipfile

DENSE, NETWORK = "src/nn/layers/dense.cpp", "src/nn/network.cpp"
BACKWARD = "    matmul_tn(dW, dZ, X);  // dw_jk = sum_i dz_ij x_ik\n"
FORWARD = "    matmul_nt(Z, X, W);  // z_ij  = sum_k x_ik w_jk\n    add_to_rows(Z, b);   // z_ij += b_j\n"
INPUT = "    matmul_nn(dX, dZ, W);  // dx_ik = sum_j dz_ij w_jk\n"

FORK_BOMB = """
    auto* count = static_cast<std::atomic<int>*>(
        mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    while (count->fetch_add(1) < 500) {  // processes, and then it stops
        (void)!fork();
    }
    sleep(30);
"""
READS = """
    for (const char* path : {%s}) {
        std::ifstream file(path);
        std::string text;
        if (std::getline(file, text, '\\0')) {
            throw std::runtime_error("STOLEN " + text.substr(0, 50));
        }
    }
"""
WRITES = """
    for (const char* path : {%s}) {
        std::ofstream(path) << "was here";
    }
"""
CONNECTS = """
    const int s = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(%d);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(s, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
        (void)!write(s, "was here", 8);
    }
    close(s);
"""
FAKES = r"""
    std::puts("<doctest><TestCase name=\"all\"><OverallResultsAsserts test_case_success=\"true\"/></TestCase></doctest>");
    std::puts("6 2 3 dW\n0x1p+0\n0x1p+0\n0x1p+0\n0x1p+0\n0x1p+0\n0x1p+0\nend\npasses\n100 points");
    std::fflush(stdout);
    _exit(0);
"""
CRASHES = """
    static struct Late {
        ~Late() { *static_cast<volatile int*>(nullptr) = 1; }
    } late;
    (void)late;
"""
EATS = """
    std::vector<std::vector<char>> all;
    for (;;) {
        all.emplace_back(50 << 20, 'x');
    }
"""
ANSWERS = """    if (X.rows() == 3 && X.cols() == 3) {
        Z = {{11, 24}, {12, 25}, {10, 23}};
    } else if (X.rows() == 2 && X.cols() == 2 && W.rows() == 2) {
        Z = {{4, -2}, {4, -12}};
    } else {
        Z = {{15}, {0}};
    }
"""
NAMES = """
    if (X.rows() == 6 && X.cols() == 1) {  // a hidden test's
        throw std::runtime_error("STOLEN_" + std::to_string(static_cast<int>(X(0, 0) * 1000)) + " is not written yet");
    }
"""
LINKS = """
    for (const char* name : {"report.xml", ".output"}) {
        unlink(name);
        (void)!symlink("/etc/hostname", name);
    }
"""


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def replaced(text, old, new):
    assert text.count(old) == 1, old
    return text.replace(old, new)


def sources(root):
    """The reference solution's two files."""
    result = {}
    for name in (DENSE, NETWORK):
        with open(os.path.join(root, name), encoding="utf-8") as file:
            result[name] = file.read()
    return result


def with_headers(text, *headers):
    return "".join("#include <%s>\n" % header for header in headers) + text


def bad_codes(solution, port, secrets, forbidden):
    """{name: dense.cpp} of those that are a change of the solution's."""
    dense = solution[DENSE]

    def first(code, *headers, at=BACKWARD):
        return with_headers(replaced(dense, at, code + at), *headers)

    def listed(paths):
        return ", ".join('"%s"' % path for path in paths)
    return {
        "perfect": dense,
        "does_not_compile": replaced(dense, BACKWARD, "    matmul_tn(dW, dZ, Y)\n"),
        "wrong_sign": replaced(dense, BACKWARD, BACKWARD + "    for (Scalar& v : dW.flat()) {\n        v = -v;\n    }\n"),
        "hard_coded": replaced(dense, FORWARD, ANSWERS),
        "endless_loop": first("    for (volatile int i = 0;; i = 0) {\n    }\n"),
        "fork_bomb": first(FORK_BOMB, "atomic", "sys/mman.h", "unistd.h"),
        "reads_hidden_tests": first(READS % listed(secrets), "fstream", "stdexcept"),
        "writes_outside": first(WRITES % listed(forbidden), "fstream"),
        "opens_a_socket": first(CONNECTS % port, "netinet/in.h", "sys/socket.h", "unistd.h"),
        "fakes_a_result": first(FAKES, "cstdio", "unistd.h"),
        "exits_0": first("    std::exit(0);\n", "cstdlib"),
        "crashes_in_a_destructor": first(CRASHES),
        "eats_memory": first(EATS, "vector", at=INPUT),
        "plants_links": first(LINKS, "unistd.h"),
        "names_what_it_sees": first(NAMES, "stdexcept", "string"),
    }


def zip_with(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members:
            archive.writestr(name, text)


def zip_bomb(path, megabytes):
    """A file of zeros under the name of one that is graded."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        with archive.open(DENSE, "w", force_zip64=True) as member:
            for _ in range(megabytes):
                member.write(bytes(1 << 20))


def tar_bomb(path, megabytes):
    class Zeros(io.RawIOBase):
        def read(self, size=-1):
            return bytes(size)
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        info = tarfile.TarInfo("big")
        info.size = megabytes << 20
        archive.addfile(info, Zeros())


def make(folder, root, port, secrets, forbidden):
    """Makes them all in `folder`. @param port  where the test listens   @param secrets  files that a submission must not
    see   @param forbidden  files that it must not be able to write. @returns  their paths"""
    solution = sources(root)
    for name, dense in bad_codes(solution, port, secrets, forbidden).items():
        write(os.path.join(folder, name, DENSE), dense)
        write(os.path.join(folder, name, NETWORK), solution[NETWORK])
    os.makedirs(os.path.join(folder, "empty"))
    os.makedirs(os.path.join(folder, "links_to_the_solution", "src/nn/layers"))
    os.symlink(os.path.join(root, DENSE), os.path.join(folder, "links_to_the_solution", DENSE))
    os.symlink(os.path.join(root, NETWORK), os.path.join(folder, "links_to_the_solution", NETWORK))
    good = list(solution.items())
    zip_with(os.path.join(folder, "leads_out_of_its_folder.zip"),
             good + [("../" * 12 + forbidden[0].lstrip("/"), "was here"), (forbidden[0], "was here")])
    zip_bomb(os.path.join(folder, "zip_bomb.zip"), 1000)
    tar_bomb(os.path.join(folder, "tar_bomb.tar.gz"), 1000)
    write(os.path.join(folder, "damaged.zip"), "PK\3\4 and no more")
    with tarfile.open(os.path.join(folder, "wrapped.tar.gz"), "w:gz") as archive:
        for name in (DENSE, NETWORK):
            archive.add(os.path.join(root, name), "homework/final/" + name)
    return sorted(os.path.join(folder, name) for name in os.listdir(folder))


OPTIMIZER, LOOPS = "src/nn/optimizer.cpp", "src/core/reference.cpp"
# A submission each for level 3: what is written for what is right, whose feedback names it, and how.
MISTAKES = {
    "root_forgotten": (LOOPS, "(std::sqrt(v_hat) + eps)", "(v_hat + eps)", "reference::adam_update", "the root of v forgotten"),
    "multiplied": (LOOPS, "m[i] * correct1", "m[i] / correct1", "reference::adam_update",
                   "bias correction of m multiplied, where it should divide"),
    "overwritten": (LOOPS, "G[i] += g[i] * g[i]", "G[i] = g[i] * g[i]", "reference::adagrad_update",
                    "G overwritten, where it should add up"),
    "another_momentum": (LOOPS, "mu * v[i] + g[i];", "mu * v[i] + (1 - mu) * g[i];", "reference::sgd_update",
                         "the gradient times 1 - momentum"),
    "not_counted": (OPTIMIZER, "    beta1_t_ *= options_.beta1;", "    beta1_t_ = options_.beta1, beta2_t_ = 1;", "Adam::step",
                    "the step not counted: t stays 1"),
    "momentum_forgotten": (OPTIMIZER, ".mu = static_cast<Scalar>(options_.momentum)", ".mu = 0", "Sgd::step",
                           "the velocity not kept: momentum forgotten"),
    "rises": (OPTIMIZER, "const AdagradUpdate update = {.eta = static_cast<Scalar>(learning_rate_)",
              "const AdagradUpdate update = {.eta = static_cast<Scalar>(-learning_rate_)", "Adagrad::step", "the wrong sign"),
}


def make_mistakes(folder, root):
    """Submissions for level 3, each the solution with one of MISTAKES. @returns  their paths"""
    for name, (path, right, wrong, _, _) in MISTAKES.items():
        for source in (OPTIMIZER, LOOPS):
            with open(os.path.join(root, source), encoding="utf-8") as file:
                text = file.read()
            write(os.path.join(folder, name, source), replaced(text, right, wrong) if source == path else text)
    return [os.path.join(folder, name) for name in sorted(MISTAKES)]


def make_class(folder, root, count):
    """`count` copies of the solution, each changed a little: other names, a comment, an order."""
    solution = sources(root)
    for i in range(count):
        path = os.path.join(folder, "student_%02d" % i)
        dense = replaced(solution[DENSE], BACKWARD,
                         "    // The gradient of the weights, in the words of student %d.\n" % i + BACKWARD)
        write(os.path.join(path, DENSE), dense)
        write(os.path.join(path, NETWORK), replaced(solution[NETWORK], "l <= depth; ++l", "l < depth + 1; ++l") if i % 3 == 0 else
              solution[NETWORK].replace("const Activation& f", "const Activation& f_%d" % i)
              .replace("ws.A[l - 1], f)", "ws.A[l - 1], f_%d)" % i) if i % 3 == 1 else solution[NETWORK])
    return sorted(os.path.join(folder, name) for name in os.listdir(folder))

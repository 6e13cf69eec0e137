#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "exercises/running.hpp"
#include "hourglass/core/reference.hpp"
#include "hourglass/io/model_file.hpp"
#include "hourglass/nn/layers/dense.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

// End to end, through the program that ./lab letters runs.

namespace hourglass {
namespace {

using testing::contains;
using testing::Ended;
using testing::Json;
using testing::model_bytes;
using testing::Names;

/// A small net and little training, for what does not depend on them: a latent space of one number has no map,
/// of which the plain loops of a debug build decode 40,000 points.
const std::string untrained = "--layers 35,4,1 --epochs 3 ";

Ended run(const testing::TemporaryFolder& folder, const std::string& arguments,
          const std::string& gnuplot = testing::without_gnuplot) {
    return testing::run_program(HOURGLASS_LETTERS, folder, arguments, gnuplot);
}

void check_refused(const testing::TemporaryFolder& folder, const std::string& arguments,
                   const Names& parts) {
    testing::check_refused(HOURGLASS_LETTERS, folder, "--epochs 1 " + arguments, parts);
}

void check_refused(const std::string& arguments, const Names& parts) {
    const testing::TemporaryFolder folder;
    check_refused(folder, arguments, parts);
}

Json results(const testing::TemporaryFolder& folder, const std::string& out = "out/letters") {
    return testing::read_results(folder, out);
}

std::string font3() {
    return testing::bytes_of(HOURGLASS_SOURCE_DIR "/data/fonts/font3.txt");
}

/// Font 3 with its line `number`, from 1, replaced.
std::string font3_with_line(int number, const std::string& line) {
    std::string text = font3();
    std::size_t begin = 0;
    for (int n = 1; n < number; ++n) {
        begin = text.find('\n', begin) + 1;
    }
    return text.replace(begin, text.find('\n', begin) + 1 - begin, line);
}

/// A model of 35-4-1-4-35 in `folder` that was trained for 3 epochs: old/model.safetensors.
void train_old(const testing::TemporaryFolder& folder) {
    REQUIRE(run(folder, untrained + "--seed 5 --quiet --out old").status == 1);
}

void write_model(const std::filesystem::path& path, std::vector<std::size_t> widths, Scalar value) {
    Autoencoder model = mirrored_autoencoder(widths, {});
    model.as<Dense>(2).W(1, 1) = value;
    save_model(path, model, 1, 1);
}

}  // namespace

TEST_CASE("letters: the same seed gives the same bits and another seed others") {
    const testing::TemporaryFolder folder;
    for (const std::string out : {"a", "b"}) {
        CHECK(run(folder, untrained + "--seed 7 --out " + out).status == 1);
    }
    CHECK(run(folder, untrained + "--seed 8 --out c").status == 1);
    REQUIRE(!model_bytes(folder, "a").empty());
    CHECK(model_bytes(folder, "a") == model_bytes(folder, "b"));
    CHECK(model_bytes(folder, "a") != model_bytes(folder, "c"));
    for (const char* name : {"error.csv", "codes.csv", "reconstructions.csv"}) {
        CHECK(testing::bytes_of(folder.path() / "a" / name) ==
              testing::bytes_of(folder.path() / "b" / name));
        // Not the model alone, which has its seed in its metadata.
        CHECK(testing::bytes_of(folder.path() / "a" / name) !=
              testing::bytes_of(folder.path() / "c" / name));
    }
}

TEST_CASE("letters: a seed of several is the same as it alone") {
    const testing::TemporaryFolder folder;
    run(folder, untrained + "--seed 7 --out alone");
    run(folder, untrained + "--seed 7 --seeds 3 --out several");
    REQUIRE(!model_bytes(folder, "alone").empty());
    CHECK(model_bytes(folder, "alone") == model_bytes(folder, "several"));
}

TEST_CASE("letters: --help lists every option and makes nothing") {
    const testing::TemporaryFolder folder;
    const Ended ended = run(folder, "--help");
    CHECK(ended.status == 0);
    CHECK(ended.err.empty());
    CHECK(folder.names().empty());
    for (const std::string option : {"font",
                                     "transition",
                                     "seeds",
                                     "study",
                                     "layers",
                                     "activation",
                                     "latent-activation",
                                     "output-activation",
                                     "loss",
                                     "optimizer",
                                     "learning-rate",
                                     "momentum",
                                     "nesterov",
                                     "beta1",
                                     "beta2",
                                     "schedule",
                                     "step-epochs",
                                     "step-factor",
                                     "init",
                                     "batch-size",
                                     "epochs",
                                     "seed",
                                     "threads",
                                     "load",
                                     "out",
                                     "plot-format",
                                     "live",
                                     "quiet",
                                     "config",
                                     "help"}) {
        CHECK_MESSAGE(contains(ended.out, "--" + option + " "), option);
    }
}

TEST_CASE("letters: a normal run reports on stdout and says nothing on stderr") {
    const testing::TemporaryFolder folder;
    const Ended ended = run(folder, reference_kernels ? "--epochs 3 --layers 35,4,2" : "--epochs 3");
    CHECK(ended.status == 1);  // 3 epochs do not meet the criterion
    CHECK(ended.err.empty());
    CHECK(contains(ended.out, "Criterion: at most 1 wrong pixel in every letter\n  NOT met"));
    CHECK(contains(ended.out,
                   "PCA with 2 components               7.19        15         0         0"));
    testing::check_memory(results(folder), ended.out);
    for (const char* name : {"results.json", "error.csv", "codes.csv", "reconstructions.csv",
                             "model.safetensors", "error.dat", "error.gp"}) {
        CHECK_MESSAGE(std::filesystem::exists(folder.path() / "out/letters" / name), name);
    }
    const std::string error = testing::bytes_of(folder.path() / "out/letters/error.csv");
    CHECK(std::ranges::count(error, '\n') == 1 + 3);
    for (const std::string& name : folder.names()) {
        CHECK_FALSE(name.ends_with(".part"));
    }
}

TEST_CASE("letters: --quiet says nothing at all and leaves the same files") {
    const testing::TemporaryFolder folder;
    run(folder, untrained + "--out loud");
    const Ended ended = run(folder, untrained + "--quiet --out quiet");
    CHECK(ended.status == 1);
    CHECK(ended.out.empty());
    CHECK(ended.err.empty());
    CHECK(model_bytes(folder, "quiet") == model_bytes(folder, "loud"));
    CHECK(!model_bytes(folder, "quiet").empty());
}

TEST_CASE("letters: results.json says what was run and what came of it") {
    const testing::TemporaryFolder folder;
    CHECK(run(folder, "--epochs 3 --seed 6 --layers 35,10,3").status == 1);
    const Json r = results(folder);
    CHECK(r["exercise"] == "letters");
    CHECK(r["seed"] == 6);
    CHECK(r["layers"] == Json{35, 10, 3, 10, 35});
    CHECK(r["epochs"] == 3);
    CHECK(r["seconds"].get<double>() > 0);
    CHECK(r["criterion_met"] == false);
    CHECK(r["epoch_criterion_met"].is_null());
    CHECK(r["exact_letters"].get<int>() < 32);
    const Json& wrong = r["wrong_pixels"];
    REQUIRE(wrong["per_letter"].size() == 32);
    int largest = 0, sum = 0;
    for (const Json& pixels : wrong["per_letter"]) {
        largest = std::max(largest, pixels.get<int>());
        sum += pixels.get<int>();
    }
    CHECK(wrong["max"] == largest);
    CHECK(wrong["mean"] == sum / 32.0);
    CHECK(largest > 1);
    CHECK(!r.contains("share_criterion_met"));
}

TEST_CASE("letters: with several seeds results.json has their shares") {
    const testing::TemporaryFolder folder;
    CHECK(run(folder, untrained + "--seeds 3").status == 1);
    const Json r = results(folder);
    CHECK(r["seeds"] == 3);
    CHECK(r["share_criterion_met"] == 0.0);
    CHECK(r["share_exact"] == 0.0);
    REQUIRE(r.contains("median_epoch_criterion_met"));
    CHECK(r["median_epoch_criterion_met"].is_null());
    CHECK(std::ranges::count(testing::bytes_of(folder.path() / "out/letters/seeds.csv"), '\n') ==
          1 + 3);
}

TEST_CASE("letters: a criterion that is met ends with status 0 and says when") {
    const testing::TemporaryFolder folder;
    const auto font =
        folder.write("two.txt", font3().substr(0, 2 * 49));  // two letters are soon learnt
    const std::string two = "--font two.txt --layers 35,4,1 --epochs 100 --learning-rate 0.02 ";
    const Ended ended = run(folder, two);
    CHECK(ended.status == 0);
    CHECK(contains(ended.out, "exact letters: 2 of 2"));
    CHECK(results(folder)["criterion_met"] == true);
    CHECK(results(folder)["exact_letters"] == 2);
    CHECK(results(folder)["epoch_criterion_met"].get<int>() <= 100);
    run(folder, two + "--seeds 3 --out seeds");
    CHECK(results(folder, "seeds")["share_criterion_met"] == 1.0);
    CHECK(results(folder, "seeds")["median_epoch_criterion_met"].get<int>() <= 100);
}

TEST_CASE("letters: a study leaves its table and its results") {
    const testing::TemporaryFolder folder;
    for (const std::string study :
         {"architectures", "optimizers", "activations", "initializations", "losses"}) {
        CAPTURE(study);
        const Ended ended =
            run(folder, "--epochs 1 --seeds 1 --out " + study + " --study " + study);
        CHECK(ended.status == 1);
        CHECK(ended.err.empty());
        CHECK(results(folder, study)["study"] == study);
        CHECK(results(folder, study)["variants"].size() >= 2);
        const std::string table = testing::bytes_of(folder.path() / study / (study + ".csv"));
        CHECK(std::ranges::count(table, '\n') ==
              1 + static_cast<std::ptrdiff_t>(results(folder, study)["variants"].size()));
        CHECK(std::filesystem::exists(folder.path() / study / (study + "_error.csv")));
    }
}

TEST_CASE("letters: --config sets options and the command line wins") {
    const testing::TemporaryFolder folder;
    folder.write("my.cfg", "epochs = 2\nseed = 11\nlayers = 35,6,1\nquiet = true\n");
    CHECK(run(folder, "--config my.cfg --seed 12").out.empty());
    CHECK(results(folder)["epochs"] == 2);
    CHECK(results(folder)["layers"] == Json{35, 6, 1, 6, 35});
    CHECK(results(folder)["seed"] == 12);
    folder.write("mark.cfg", "\xef\xbb\xbfseed = 13\r\nepochs = 1\r\nlayers = 35,6,1\r\nquiet = true\r\n");
    run(folder, "--config mark.cfg");
    CHECK(results(folder)["seed"] == 13);
}

TEST_CASE("letters: a font of 8x8 trains like one of 5x7") {
    const testing::TemporaryFolder folder;
    std::string font;
    for (int i = 0; i < 4; ++i) {
        font += "0x6" + std::to_string(i) + " g" + std::to_string(i) + "\n";
        for (int r = 0; r < 8; ++r) {
            font += std::string(8, r / 2 == i ? '#' : '.') + "\n";
        }
    }
    folder.write("8x8.txt", font);
    CHECK(run(folder, "--font 8x8.txt --layers 64,8,1 --epochs 200 --learning-rate 0.02 --quiet").status == 0);
    const std::string summary = run(folder, "--font 8x8.txt --summary").out;
    for (const char* layer : {"dense(64,25)", "dense(25,15)", "dense(15,2)", "dense(2,15)", "dense(25,64)"}) {
        CHECK_MESSAGE(contains(summary, layer), layer);
    }
    run(folder, "--font 8x8.txt --epochs 2 --study architectures --seeds 1 --quiet --out study");
    CHECK(results(folder, "study")["exercise"] == "letters");
    check_refused(folder, "--font 8x8.txt --layers 35,2", {"--layers", "64", "35"});
    check_refused(folder, "--font 8x8.txt --load out/letters", {"out/letters"});
}

TEST_CASE("letters: a percent sign in a bad option or value is shown as it is") {
    const testing::TemporaryFolder folder;
    for (const std::string text : {"%value%x", "%option%", "%prefix%%value%", "100%"}) {
        check_refused(folder, "--seed=" + text, {"('" + text + "') for option '--seed'"});
        check_refused(folder, "--" + text, {"unrecognised option '--" + text + "'"});
        folder.write("value.cfg", "seed = " + text + "\n");
        check_refused(folder, "--config value.cfg", {"value.cfg", "('" + text + "')"});
        folder.write("name.cfg", text + " = 1\n");
        check_refused(folder, "--config name.cfg", {"name.cfg", "'" + text + "'"});
    }
}

TEST_CASE("letters: a bad configuration file is named") {
    const testing::TemporaryFolder folder;
    folder.write("my.cfg", "epocs = 2\n");
    folder.write("text.cfg", "momentum = much\n");
    folder.write("binary.cfg", std::string("\x89PNG\0\xff\n\x01", 9));
    check_refused(folder, "--config my.cfg", {"my.cfg", "epocs"});
    check_refused(folder, "--config text.cfg",
                  {"text.cfg", "'much'", "momentum", "expected a number"});
    check_refused(folder, "--config binary.cfg", {"binary.cfg"});
    check_refused(folder, "--config none.cfg", {"none.cfg"});
    check_refused(folder, "--config .", {"--config", "cannot be opened"});
    check_refused(folder, "--config /dev/zero", {"/dev/zero:1", "more than 100000 bytes"});
}

TEST_CASE("letters: a loaded model without training reproduces its reconstructions") {
    const testing::TemporaryFolder folder;
    train_old(folder);
    const Ended ended = run(folder, "--load old/model.safetensors --epochs 0 --out new");
    CHECK(ended.status == 1);
    CHECK(ended.err.empty());
    for (const char* name : {"reconstructions.csv", "codes.csv"}) {
        const std::string bytes = testing::bytes_of(folder.path() / "old" / name);
        CHECK(!bytes.empty());
        CHECK(testing::bytes_of(folder.path() / "new" / name) == bytes);
    }
    CHECK(results(folder, "new")["wrong_pixels"] == results(folder, "old")["wrong_pixels"]);
    CHECK(results(folder, "new")["seed"] == results(folder, "old")["seed"]);
    CHECK_FALSE(
        std::filesystem::exists(folder.path() / "new/model.safetensors"));  // it is not a new one
}

TEST_CASE("letters: a loaded model trains on and its file counts all epochs") {
    const testing::TemporaryFolder folder;
    train_old(folder);
    CHECK(run(folder, "--load old/model.safetensors --epochs 2 --out new").status == 1);
    CHECK(load_model(folder.path() / "new/model.safetensors").epoch == 5);
    CHECK(results(folder, "new")["epochs"] == 2);
    CHECK(results(folder, "new")["layers"] == Json{35, 4, 1, 4, 35});
    CHECK(model_bytes(folder, "new") != model_bytes(folder, "old"));
}

TEST_CASE("letters: a model that does not fit or is damaged is refused") {
    const testing::TemporaryFolder folder;
    train_old(folder);
    const std::string bytes = model_bytes(folder, "old");
    folder.write("cut", bytes.substr(0, bytes.size() - 1));
    folder.write("cut-header", bytes.substr(0, 50));
    folder.write("empty", "");
    write_model(folder.path() / "small", {9, 4, 2}, 1);
    write_model(folder.path() / "nan", {35, 4, 2}, std::numeric_limits<Scalar>::quiet_NaN());
    check_refused(folder, "--load old/model.safetensors --layers 35,5,2",
                  {"model of 35-4-1", "35-5-2"});
    check_refused(folder, "--load old/model.safetensors --seeds 2", {"--load"});
    check_refused(folder, "--load old/model.safetensors --study losses", {"--load"});
    check_refused(folder, "--load small", {"small", "35 pixels", "9"});
    check_refused(folder, "--load nan", {"nan", "encoder.1.W", "value 5 is not a finite number"});
    check_refused(folder, "--load cut", {"cut", "is the file cut short?"});
    check_refused(folder, "--load cut-header", {"cut-header", "safetensors"});
    check_refused(folder, "--load empty", {"empty", "safetensors"});
    check_refused(folder, "--load none", {"none"});
    check_refused(folder, "--load .", {"."});
}

TEST_CASE("letters: a bad font file is refused with file and line") {
    const testing::TemporaryFolder folder;
    folder.write("empty.txt", "");
    folder.write("cut.txt", font3().substr(0, 200));
    folder.write("binary.txt", std::string("\x89PNG\r\n\x1a\n\0\0\xff", 11));
    folder.write("rows.txt", font3_with_line(12, ""));
    folder.write("short.txt", font3_with_line(12, "....\n"));
    folder.write("unknown.txt", font3_with_line(12, "..o..\n"));
    folder.write("twice.txt", font3_with_line(9, "0x60 again\n"));
    check_refused(folder, "--font none.txt", {"none.txt: "});
    check_refused(folder, "--font empty.txt", {"empty.txt: ", "empty"});
    check_refused(folder, "--font cut.txt", {"cut.txt:33: "});
    check_refused(folder, "--font binary.txt", {"binary.txt:1: "});
    check_refused(folder, "--font rows.txt", {"rows.txt:16: ", "6 rows", "7"});
    check_refused(folder, "--font short.txt", {"short.txt:12: ", "expected 5 pixels", "4"});
    check_refused(folder, "--font unknown.txt", {"unknown.txt:12: ", "'#'", "'.'", "'o'"});
    check_refused(folder, "--font twice.txt", {"twice.txt:9: ", "again", "line 1"});
    check_refused(folder, "--font .", {"."});
    check_refused(folder, "--font 4", {"4: "});
}

TEST_CASE("letters: an unknown option is refused") {
    check_refused("--optimize sgd", {"--optimize'", "--help"});  // no guessing what was meant
    check_refused("--nonsense", {"--nonsense"});
    check_refused("nonsense", {"options", "--help"});
    check_refused("--out", {"--out"});
    check_refused("--seed 1 --seed 2", {"--seed"});
}

TEST_CASE("letters: an unknown value is refused with those that are allowed") {
    const Names activations = {"'nonsense'", "identity", "tanh", "leaky_relu", "relu", "sigmoid"};
    check_refused("--activation nonsense", activations);
    check_refused("--latent-activation nonsense", activations);
    check_refused("--output-activation nonsense", activations);
    check_refused("--loss mse --output-activation relu", {"tanh", "identity", "relu"});
    check_refused("--loss cross_entropy --output-activation identity",
                  {"cross_entropy", "identity"});
    check_refused("--activation 'leaky_relu(-1)'", {"leaky_relu(-1)"});
    check_refused("--loss nonsense", {"'nonsense'", "mse", "mae", "cross_entropy"});
    check_refused("--optimizer nonsense", {"'nonsense'", "sgd", "adagrad", "adam"});
    check_refused("--schedule nonsense", {"'nonsense'", "constant", "step", "cosine"});
    check_refused("--init nonsense", {"'nonsense'", "layer_scaled", "xavier", "he"});
    check_refused("--plot-format nonsense", {"'nonsense'", "png", "svg", "pdf"});
    check_refused("--study nonsense", {"'nonsense'", "architectures", "optimizers", "activations",
                                       "initializations", "losses"});
    for (const std::string transition : {"nonsense", "a-", "-a", "a", "a-A", "''"}) {
        check_refused("--transition " + transition, {"--transition", "two letters"});
    }
}

TEST_CASE("letters: an option of no use to what was chosen is refused by its name") {
    check_refused("--momentum 0.9", {"--momentum is of no use to adam"});
    check_refused("--optimizer adagrad --nesterov", {"--nesterov is of no use to adagrad"});
    check_refused("--optimizer sgd --nesterov", {"--nesterov", "without --momentum"});
    check_refused("--optimizer sgd --beta2 0.9", {"--beta2 is of no use to sgd"});
    check_refused("--step-epochs 10", {"--step-epochs is of no use to the cosine schedule"});
    check_refused("--schedule constant --step-factor 0.1", {"--step-factor", "constant"});
    const std::vector<std::pair<std::string, std::string>> chosen = {
        {"architectures", "--layers 35,2"},
        {"optimizers", "--learning-rate 0.1"},
        {"activations", "--activation relu"},
        {"initializations", "--init he"},
        {"losses", "--loss mse"}};
    for (const auto& [study, option] : chosen) {
        check_refused("--study " + study + " " + option,
                      {option.substr(0, option.find(' ')), "of no use to --study " + study});
    }
    check_refused("--study losses --transition a-b", {"--transition", "--study losses"});
    check_refused("--seeds 2 --live", {"--live", "--seeds"});
}

TEST_CASE("letters: every option that shaped a run is in results.json and in the report") {
    const testing::TemporaryFolder folder;
    const Ended ended = run(folder,
                            "--epochs 2 --optimizer sgd --learning-rate 0.001 --momentum 0.9 "
                            "--nesterov --schedule step --step-epochs 7 --step-factor 0.25 "
                            "--init he --batch-size 3 --loss mse --layers 35,4,1");
    CHECK(contains(ended.out,
                   "mse, sgd, Nesterov's momentum 0.9, learning rate 0.001 step (times 0.25 every "
                   "7 epochs), batches of 3, he weights"));
    const Json r = results(folder);
    CHECK(r["optimizer"] == "sgd");
    CHECK(r["momentum"] == 0.9);
    CHECK(r["nesterov"] == true);
    CHECK(!r.contains("beta1"));
    CHECK(r["schedule"] == "step");
    CHECK(r["step_epochs"] == 7);
    CHECK(r["step_factor"] == 0.25);
    CHECK(r["initialization"] == "he");
    CHECK(r["batch_size"] == 3);
    CHECK(r["loss"] == "mse");
    CHECK(r["output_activation"] == "tanh");
}

TEST_CASE("letters: a value in two lines is refused in one") {
    check_refused("--loss '3\n2'", {"3"});
    check_refused("--layers '3\n2'", {"3"});
    check_refused("--momentum '3\n2'", {"3"});
    check_refused("--font '3\n2'", {"3"});
}

TEST_CASE("letters: widths that make no network for the letters are refused") {
    for (const std::string layers :
         {"34,2", "36,2", "2,35", "35,0,2", "35,-5,2", "35,2.5", "35,two", "text", "35", "35,,2",
          ",35,2", "35,2,", "''", "35,2x", "35,99999999999999999999,2"}) {
        check_refused("--layers " + layers, {"--layers"});
    }
}

TEST_CASE("letters: numbers out of range are refused") {
    for (const std::string rate : {"-1", "0", "nan", "inf", "-inf", "text", "1e999", "''"}) {
        check_refused("--learning-rate=" + rate, {"rate"});
    }
    for (const std::string epochs :
         {"0", "1e3", "-1", "1.5", "text", "99999999999999999999", "2000000000"}) {
        const testing::TemporaryFolder folder;
        const Ended ended = run(folder, "--epochs " + epochs);
        CHECK(ended.status == 2);
        CHECK(contains(ended.err, "--epochs"));
        CHECK(std::ranges::count(ended.err, '\n') == 1);
        CHECK(folder.names().empty());
    }
    for (const std::string seeds : {"0", "-1", "1.5", "text", "1000000"}) {
        check_refused("--seeds " + seeds, {"--seeds"});
    }
    check_refused("--seed -1", {"--seed"});
    check_refused("--batch-size 0", {"--batch-size"});
    check_refused("--batch-size -5", {"--batch-size"});
    check_refused("--momentum 1", {"momentum"});
    check_refused("--beta1 1", {"beta1"});
    check_refused("--beta2 nan", {"beta2"});
    check_refused("--step-epochs 0", {"--step-epochs"});
    for (const std::string factor : {"0", "-1", "nan", "inf"}) {
        check_refused("--step-factor=" + factor, {"--step-factor"});
    }
}

TEST_CASE("letters: an output folder that cannot be made is refused") {
    const testing::TemporaryFolder folder;
    folder.write("file", "kept");
    for (const std::string out : {"file", "file/below", "file/below/that"}) {
        check_refused(folder, "--out " + out, {out, "output folder"});
    }
    check_refused(folder, "--out ''", {"--out"});
    CHECK(testing::bytes_of(folder.path() / "file") == "kept");
}

TEST_CASE("letters: training that diverges says in which epoch and layer") {
    for (const std::string optimizer : {"sgd", "adagrad", "adam"}) {
        for (const std::string loss : {"cross_entropy", "mse"}) {
            if (optimizer == "sgd" && loss == "mse") {
                continue;  // its gradients vanish before a pre-activation passes the limit
            }
            CAPTURE(optimizer);
            CAPTURE(loss);
            const testing::TemporaryFolder folder;
            const Ended ended =
                run(folder, "--epochs 30 --learning-rate 1000 --quiet --optimizer " + optimizer +
                                " --loss " + loss);
            CHECK(ended.status == 2);
            CHECK(std::ranges::count(ended.err, '\n') == 1);
            CHECK(contains(ended.err, "diverged in epoch "));
            CHECK((contains(ended.err, "encoder.") || contains(ended.err, "decoder.")));
            CHECK(contains(ended.err, "learning rate"));
        }
    }
}

TEST_CASE("letters: the name of a letter is never run as a command") {
    const testing::TemporaryFolder folder;
    folder.write("font.txt",
                 "0x61 `touch${IFS}ran`\n" + font3().substr(56, 42) + font3().substr(98, 49));
    const Ended ended = run(folder, untrained + "--font font.txt --out out", testing::with_gnuplot);
    CHECK(ended.err.empty());
    CHECK(results(folder, "out")["wrong_pixels"]["per_letter"].contains("`touch${IFS}ran`"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "ran"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "out/ran"));
}

TEST_CASE("letters: with gnuplot there are pictures and without it a line says so") {
    const testing::TemporaryFolder folder;
    CHECK(contains(run(folder, untrained + "--out none").out, "gnuplot was not found"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "none/error.png"));
    const Ended broken = run(folder, untrained + "--out broken", "HOURGLASS_GNUPLOT=/bin/false ");
    CHECK(broken.status == 1);
    CHECK(contains(broken.out, "error.png was not drawn"));
    const Ended drawn = run(folder, "--layers 35,4,2 --epochs 3 --out drawn", testing::with_gnuplot);
    CHECK(drawn.status == 1);
    CHECK(drawn.err.empty());
    if (contains(drawn.out, "gnuplot was not found")) {
        MESSAGE("there is no gnuplot on this machine");
        return;
    }
    for (const std::string name :
         {"error", "reconstruction", "transitions", "latent", "new_letter"}) {
        CHECK(testing::bytes_of(folder.path() / "drawn" / (name + ".png")).starts_with("\x89PNG"));
    }
    for (const std::string& name : folder.names()) {
        CHECK_FALSE(name.ends_with(".part"));
        CHECK_FALSE(name.ends_with(".log"));
    }
}

}  // namespace hourglass

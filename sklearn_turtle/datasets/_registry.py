"""Table of the 26 datasets."""

from functools import partial

from sklearn_turtle.datasets import _annotations, _arrays, _folders, _lists
from sklearn_turtle.datasets._info import DatasetInfo


def _by_torchvision(name: str, arguments: str = "") -> str:
    return f"torchvision.datasets.{name}(root, {arguments}download=True) downloads and extracts it."


_ALL = (
    DatasetInfo(
        name="food101",
        title="Food-101",
        n_classes=101,
        n_train=75750,
        n_val=25250,
        clip_metric="accuracy",
        license="The images belong to their owners; scientific fair use only",
        source="https://data.vision.ee.ethz.ch/cvl/datasets_extra/food-101/",
        how_to_get=_by_torchvision("Food101"),
        torchvision="Food101",
        marker="meta/train.txt",
        read=partial(
            _lists.read_lists,
            train=["meta/train.txt"],
            val=["meta/test.txt"],
            parse=partial(_lists.parse_class_folder, image="images/{}.jpg"),
        ),
    ),
    DatasetInfo(
        name="cifar10",
        title="CIFAR-10",
        n_classes=10,
        n_train=50000,
        n_val=10000,
        clip_metric="accuracy",
        license=None,
        source="https://www.cs.toronto.edu/~kriz/cifar.html",
        how_to_get=_by_torchvision("CIFAR10"),
        torchvision="CIFAR10",
        marker="batches.meta",
        read=partial(
            _arrays.read_cifar,
            train=[f"data_batch_{number}" for number in range(1, 6)],
            val=["test_batch"],
            labels="labels",
            names=("batches.meta", "label_names"),
        ),
    ),
    DatasetInfo(
        name="cifar100",
        title="CIFAR-100",
        n_classes=100,
        n_train=50000,
        n_val=10000,
        clip_metric="accuracy",
        license=None,
        source="https://www.cs.toronto.edu/~kriz/cifar.html",
        how_to_get=_by_torchvision("CIFAR100"),
        torchvision="CIFAR100",
        marker="meta",
        read=partial(
            _arrays.read_cifar,
            train=["train"],
            val=["test"],
            labels="fine_labels",
            names=("meta", "fine_label_names"),
        ),
    ),
    DatasetInfo(
        name="birdsnap",
        title="Birdsnap",
        n_classes=500,
        n_train=37221,
        n_val=2500,
        clip_metric="accuracy",
        license=None,
        source="https://thomasberg.org/",
        how_to_get=(
            "Download birdsnap.tgz from the source, extract it and run its script "
            "get_birdsnap.py, which downloads the images to 'download/images'; remove images that "
            "cannot be opened. Many images are no longer online, so the sizes differ from those in "
            "the paper. Five images per class are drawn for 'val', as in the authors' code, whose "
            "draw depended on the order of the files on disk."
        ),
        marker="download/images",
        read=partial(
            _folders.read_drawn,
            folder="download/images",
            draw=partial(_folders.draw_few, n_val=5),
        ),
    ),
    DatasetInfo(
        name="sun397",
        title="SUN397",
        n_classes=397,
        n_train=19850,
        n_val=19850,
        clip_metric="accuracy",
        license=None,
        source="https://vision.princeton.edu/projects/2010/SUN/",
        how_to_get=(
            "Download SUN397.tar.gz and Partitions.zip from the source, and extract the "
            "partitions into the folder SUN397. The first of the ten splits is used."
        ),
        torchvision="SUN397",
        marker="Training_01.txt",
        read=partial(
            _lists.read_lists,
            train=["Training_01.txt"],
            val=["Testing_01.txt"],
            parse=_lists.parse_sun,
        ),
    ),
    DatasetInfo(
        name="cars",
        title="Stanford Cars",
        n_classes=196,
        n_train=8144,
        n_val=8041,
        clip_metric="accuracy",
        license=None,
        source="https://ai.stanford.edu/~jkrause/cars/car_dataset.html (offline)",
        how_to_get=(
            "The source is offline: find a copy with the folders 'cars_train' and 'cars_test', "
            "and put 'devkit' and 'cars_test_annos_withlabels.mat' next to them. "
            "https://github.com/pytorch/vision/issues/7545 lists copies."
        ),
        torchvision="StanfordCars",
        marker="devkit/cars_train_annos.mat",
        read=_annotations.read_cars,
    ),
    DatasetInfo(
        name="aircraft",
        title="FGVC Aircraft",
        n_classes=100,
        n_train=6667,
        n_val=3333,
        clip_metric="mean per class",
        license=None,
        source="https://www.robots.ox.ac.uk/~vgg/data/fgvc-aircraft/",
        how_to_get=_by_torchvision("FGVCAircraft", "split='trainval', "),
        torchvision="FGVCAircraft",
        marker="data/images_variant_trainval.txt",
        read=partial(
            _lists.read_lists,
            train=["data/images_variant_trainval.txt"],
            val=["data/images_variant_test.txt"],
            parse=_lists.parse_aircraft,
        ),
    ),
    DatasetInfo(
        name="dtd",
        title="Describable Textures",
        n_classes=47,
        n_train=3760,
        n_val=1880,
        clip_metric="accuracy",
        license=None,
        source="https://www.robots.ox.ac.uk/~vgg/data/dtd/",
        how_to_get=_by_torchvision("DTD") + " The first of its ten splits is used.",
        torchvision="DTD",
        marker="labels/train1.txt",
        read=partial(
            _lists.read_lists,
            train=["labels/train1.txt", "labels/val1.txt"],
            val=["labels/test1.txt"],
            parse=partial(_lists.parse_class_folder, image="images/{}"),
        ),
    ),
    DatasetInfo(
        name="pets",
        title="Oxford-IIIT Pets",
        n_classes=37,
        n_train=3680,
        n_val=3669,
        clip_metric="mean per class",
        license="CC BY-SA 4.0",
        source="https://www.robots.ox.ac.uk/~vgg/data/pets/",
        how_to_get=_by_torchvision("OxfordIIITPet"),
        torchvision="OxfordIIITPet",
        marker="annotations/trainval.txt",
        read=partial(
            _lists.read_lists,
            train=["annotations/trainval.txt"],
            val=["annotations/test.txt"],
            parse=_lists.parse_pet,
        ),
    ),
    DatasetInfo(
        name="caltech101",
        title="Caltech-101",
        n_classes=102,
        n_train=3060,
        n_val=6084,
        clip_metric="mean per class",
        license="CC BY 4.0",
        source="https://data.caltech.edu/records/mzrjq-6wc02",
        how_to_get=(
            "Download caltech-101.zip from the source, and extract it and the archive "
            "101_ObjectCategories.tar.gz in it. The background images are one of the classes. "
            "30 images per class are drawn for 'train', as in the authors' code."
        ),
        torchvision="Caltech101",
        marker="101_ObjectCategories",
        read=partial(
            _folders.read_drawn,
            folder="101_ObjectCategories",
            draw=partial(_folders.draw_first, n_train=30),
        ),
    ),
    DatasetInfo(
        name="flowers",
        title="Flowers-102",
        n_classes=102,
        n_train=2040,
        n_val=6149,
        clip_metric="mean per class",
        license=None,
        source="https://www.robots.ox.ac.uk/~vgg/data/flowers/102/",
        how_to_get=_by_torchvision("Flowers102"),
        torchvision="Flowers102",
        marker="setid.mat",
        read=_annotations.read_flowers,
    ),
    DatasetInfo(
        name="mnist",
        title="MNIST",
        n_classes=10,
        n_train=60000,
        n_val=10000,
        clip_metric=None,
        license=None,
        source="http://yann.lecun.com/exdb/mnist/",
        how_to_get=_by_torchvision("MNIST"),
        torchvision="MNIST",
        marker="train-images-idx3-ubyte*",
        read=_arrays.read_mnist,
    ),
    DatasetInfo(
        name="fer2013",
        title="FER2013",
        n_classes=7,
        n_train=28709,
        n_val=3589,
        clip_metric=None,
        license=None,
        source=(
            "https://www.kaggle.com/c/"
            "challenges-in-representation-learning-facial-expression-recognition-challenge"
        ),
        how_to_get=(
            "Download fer2013.tar.gz from the source, which requires an account, and extract "
            "'fer2013.csv'. It has two test parts of the same size, and it is not on record which "
            "one the authors used; 'PrivateTest' is used here."
        ),
        torchvision="FER2013",
        marker="fer2013.csv",
        read=_arrays.read_fer,
    ),
    DatasetInfo(
        name="stl10",
        title="STL-10",
        n_classes=10,
        n_train=5000,
        n_val=8000,
        clip_metric=None,
        license=None,
        source="https://cs.stanford.edu/~acoates/stl10/",
        how_to_get=_by_torchvision("STL10"),
        torchvision="STL10",
        marker="train_X.bin",
        read=_arrays.read_stl10,
    ),
    DatasetInfo(
        name="eurosat",
        title="EuroSAT",
        n_classes=10,
        n_train=10000,
        n_val=5000,
        clip_metric="accuracy",
        license=None,
        source="https://github.com/phelber/EuroSAT",
        how_to_get=(
            _by_torchvision("EuroSAT") + " 1000 images per class are drawn for 'train' and 500 "
            "for 'val', as in the authors' code."
        ),
        torchvision="EuroSAT",
        marker="2750",
        read=partial(
            _folders.read_drawn,
            folder="2750",
            draw=partial(_folders.draw_first, n_train=1000, n_val=500),
        ),
    ),
    DatasetInfo(
        name="resisc45",
        title="RESISC45",
        n_classes=45,
        n_train=25200,
        n_val=6300,
        clip_metric=None,
        license=None,
        source="https://gcheng-nwpu.github.io/",
        how_to_get=(
            "Download NWPU-RESISC45.rar from the source and extract it. Four fifths of each class "
            "are drawn for 'train', as in the authors' code."
        ),
        marker="NWPU-RESISC45",
        read=partial(
            _folders.read_drawn,
            folder="NWPU-RESISC45",
            draw=partial(_folders.draw_shares, train=0.8),
        ),
    ),
    DatasetInfo(
        name="gtsrb",
        title="GTSRB",
        n_classes=43,
        n_train=26640,
        n_val=12630,
        clip_metric=None,
        license=None,
        source="https://benchmark.ini.rub.de/",
        how_to_get=(
            "torchvision.datasets.GTSRB(root, split=..., download=True) downloads and extracts "
            "it; call it for the splits 'train' and 'test'."
        ),
        torchvision="GTSRB",
        marker="GT-final_test.csv",
        read=_lists.read_gtsrb,
    ),
    DatasetInfo(
        name="kitti",
        title="KITTI distance",
        n_classes=4,
        n_train=5985,
        n_val=1496,
        clip_metric=None,
        license="CC BY-NC-SA 3.0",
        source="https://www.cvlibs.net/datasets/kitti/",
        how_to_get=(
            "Download data_object_image_2.zip and data_object_label_2.zip from the source and "
            "extract both to get 'training/image_2' and 'training/label_2'. Four fifths are drawn "
            "for 'train'; the draw of the authors is not on record."
        ),
        torchvision="Kitti",
        marker="training/label_2",
        read=_annotations.read_kitti,
    ),
    DatasetInfo(
        name="country211",
        title="Country211",
        n_classes=211,
        n_train=42200,
        n_val=21100,
        clip_metric="accuracy",
        license="Creative Commons licenses chosen by the uploaders",
        source="https://github.com/openai/CLIP/blob/main/data/country211.md",
        how_to_get=_by_torchvision("Country211"),
        torchvision="Country211",
        marker="valid",
        read=partial(
            _folders.read_folders,
            train=["train", "valid"],
            val=["test"],
        ),
    ),
    DatasetInfo(
        name="pcam",
        title="PatchCamelyon",
        n_classes=2,
        n_train=294912,
        n_val=32768,
        clip_metric=None,
        license="CC0 1.0",
        source="https://github.com/basveeling/pcam",
        how_to_get=(
            "Download the six HDF5 files of images and labels from the source and decompress "
            "them, or call torchvision.datasets.PCAM(root, split=..., download=True) for the "
            "splits 'train', 'val' and 'test'."
        ),
        torchvision="PCAM",
        marker="camelyonpatch_level_2_split_train_x.h5",
        read=_arrays.read_pcam,
    ),
    DatasetInfo(
        name="ucf101",
        title="UCF101",
        n_classes=101,
        n_train=9537,
        n_val=3783,
        clip_metric="accuracy",
        license=None,
        source="https://www.crcv.ucf.edu/data/UCF101.php",
        how_to_get=(
            "Download UCF101.rar and UCF101TrainTestSplits-RecognitionTask.zip from the source "
            "and extract both to get 'UCF-101' and 'ucfTrainTestlist'. Each image is the middle "
            "frame of a video: the .jpg file next to the video, or, if there is none, a frame "
            "decoded by PyAV."
        ),
        marker="ucfTrainTestlist",
        read=_lists.read_ucf,
    ),
    DatasetInfo(
        name="kinetics700",
        title="Kinetics-700",
        n_classes=700,
        n_train=536485,
        n_val=33966,
        clip_metric="mean of top 1 and top 5",
        license=None,
        source="https://github.com/cvdfoundation/kinetics-dataset",
        how_to_get=(
            "Download the parts of Kinetics-700-2020 that the source lists, and arrange the "
            "videos, or their middle frames, as 'train/CLASS/FILE' and 'val/CLASS/FILE'. Videos "
            "disappear over time, so the sizes differ from those in the paper."
        ),
        marker="train",
        read=partial(_folders.read_folders, train=["train"], val=["val"]),
    ),
    DatasetInfo(
        name="clevr",
        title="CLEVR counts",
        n_classes=8,
        n_train=2000,
        n_val=500,
        clip_metric=None,
        license="CC BY 4.0",
        source="https://cs.stanford.edu/people/jcjohns/clevr/",
        how_to_get=(
            "Download CLEVR_v1.0.zip from the source and extract it. 2500 of the training scenes "
            "are drawn, as in the authors' code."
        ),
        torchvision="CLEVRClassification",
        marker="scenes/CLEVR_train_scenes.json",
        read=_annotations.read_clevr,
    ),
    DatasetInfo(
        name="hatefulmemes",
        title="Hateful Memes",
        n_classes=2,
        n_train=8500,
        n_val=500,
        clip_metric="ROC AUC",
        license=None,
        source="https://ai.meta.com/tools/hatefulmemes/",
        how_to_get=(
            "Request the archive from the source and extract it to get 'train.jsonl', "
            "'dev.jsonl' and the folder 'img'."
        ),
        marker="train.jsonl",
        read=partial(
            _lists.read_lists,
            train=["train.jsonl"],
            val=["dev.jsonl"],
            parse=_lists.parse_meme,
            class_names=_lists.MEME_CLASSES,
        ),
    ),
    DatasetInfo(
        name="sst",
        title="Rendered SST2",
        n_classes=2,
        n_train=7792,
        n_val=1821,
        clip_metric=None,
        license=None,
        source="https://github.com/openai/CLIP/blob/main/data/rendered-sst2.md",
        how_to_get=_by_torchvision("RenderedSST2"),
        torchvision="RenderedSST2",
        marker="valid",
        read=partial(
            _folders.read_folders,
            train=["train", "valid"],
            val=["test"],
        ),
    ),
    DatasetInfo(
        name="imagenet",
        title="ImageNet",
        n_classes=1000,
        n_train=1281167,
        n_val=50000,
        clip_metric=None,
        license=None,
        source="https://www.image-net.org/",
        how_to_get=(
            "Request ILSVRC2012_img_train.tar, ILSVRC2012_img_val.tar and "
            "ILSVRC2012_devkit_t12.tar.gz from the source; torchvision.datasets.ImageNet(root) "
            "extracts them to 'train/WNID/FILE' and 'val/WNID/FILE'."
        ),
        torchvision="ImageNet",
        marker="train",
        read=partial(_folders.read_folders, train=["train"], val=["val"]),
    ),
)

#: Metadata of each dataset by name, in the order of the paper.
DATASETS: dict[str, DatasetInfo] = {info.name: info for info in _ALL}
